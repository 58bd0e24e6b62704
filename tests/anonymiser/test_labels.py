"""Each kind of identifier, as people of four languages type it, becomes a placeholder; what is none stays."""

from __future__ import annotations

import pytest

from hotline_bridge.anonymiser.anonymiser import Anonymiser
from hotline_bridge.anonymiser.documents import iin_is_valid, luhn
from hotline_bridge.vault.sealing import Key

KEY = Key(b"k" * 32)

FOUND = [
    # telephones of five countries
    ("мой номер 8 701 123 45 67", "мой номер [PHONE_1]"),
    ("позвоните 87011234567 вечером", "позвоните [PHONE_1] вечером"),
    ("телефоным +7 (701) 123-45-67", "телефоным [PHONE_1]"),
    ("нөмірім 8-701-123-45-67", "нөмірім [PHONE_1]"),
    ("raqamim +998 90 123 45 67", "raqamim [PHONE_1]"),
    ("рақамим 998901234567", "рақамим [PHONE_1]"),
    ("рақами ман +992 93 123 4567", "рақами ман [PHONE_1]"),
    ("рақам 00992931234567", "рақам [PHONE_1]"),
    ("87о1 12345о7", "[PHONE_1]"),
    ("тел.87011234567", "тел.[PHONE_1]"),
    ("городской 255-34-12", "городской [PHONE_1]"),
    ("спросите о 87011234567 о зарплате", "спросите о [PHONE_1] о зарплате"),
    ("87011234567 87019999999", "[PHONE_1] [PHONE_2]"),
    ("+7(701)123-45-67;+7(702)1234567", "[PHONE_1];[PHONE_2]"),
    # written out
    ("восемь семьсот один сто двадцать три сорок пять шестьдесят семь", "[PHONE_1]"),
    ("нөмір сегіз жеті нөл бір екі үш төрт бес алты жеті сегіз", "нөмір [PHONE_1]"),
    ("raqam to'qson bir ikki yuz o'ttiz to'rt ellik olti yetmish sakkiz", "raqam [PHONE_1]"),
    ("рақам ҳашт ҳафт сифр як ду се чор панҷ шаш ҳафт ҳашт", "рақам [PHONE_1]"),
    # cards, identity numbers, accounts
    ("карта 4400 4301 2345 6789", "карта [CARD_1]"),
    ("karta 4400430123456789", "karta [CARD_1]"),
    ("иин 900101300017", "иин [IIN_1]"),
    ("900101300017", "[IIN_1]"),
    ("ЖСН 900101 300011", "ЖСН [IIN_1]"),
    ("счёт KZ86125KZT5004100100", "счёт [IBAN_1]"),
    ("kz86 125k zt50 0410 0100", "[IBAN_1]"),
    # post, handles, profiles
    ("пишите ivan.petrov+1@mail.ru", "пишите [EMAIL_1]"),
    ("почта dilnoza собака mail.ru", "почта [EMAIL_1]"),
    ("мой ник @dilnoza_1990", "мой ник [HANDLE_1]"),
    ("саҳифаи ман t.me/farhod", "саҳифаи ман [HANDLE_1]"),
    ("https://www.instagram.com/aigul.k", "[HANDLE_1]"),
    ("инста: zarina", "инста: [HANDLE_1]"),
    ("insta dilnoza.95", "insta [HANDLE_1]"),
    # passports
    ("паспорт AA1234567", "паспорт [PASSPORT_1]"),
    ("pasportim AB 1234567", "pasportim [PASSPORT_1]"),
    ("төлқұжат N12345678", "төлқұжат [PASSPORT_1]"),
    ("паспорт 4510 123456", "паспорт [PASSPORT_1]"),
    ("шиносномаи A01234567", "шиносномаи [PASSPORT_1]"),
    ("загран fa 1234567", "загран [PASSPORT_1]"),
    # number plates
    ("машина 123 ABC 02", "машина [PLATE_1]"),
    ("көлігі 777 авс 13", "көлігі [PLATE_1]"),
    ("увезли на A 777 BCN", "увезли на [PLATE_1]"),
    ("moshin 01 A 123 BC", "moshin [PLATE_1]"),
    ("мошин 1234 AB 01", "мошин [PLATE_1]"),
    ("фура 01 kg 480 tde", "фура [PLATE_1]"),
    ("машина 106AAA/11", "машина [PLATE_1]"),
    ("увезли на о589ст RUS", "увезли на [PLATE_1]"),
    ("к 208 тт 14, внутри люди", "[PLATE_1], внутри люди"),
    ("01 KG 204 ABO аз Бишкек", "[PLATE_1] аз Бишкек"),
    # dates of birth
    ("я родилась 05.03.1999", "я родилась [DOB_1]"),
    ("12.03.1990 күні туғанмын", "[DOB_1] күні туғанмын"),
    ("1998-yil 5-may tug'ilganman", "[DOB_1] tug'ilganman"),
    ("соли таваллуд 1988", "соли таваллуд [DOB_1]"),
    ("сыну 15 мая 2010 г.р.", "сыну [DOB_1]."),
    ("туылған күнім 1995 жылдың қаңтар айының 10", "туылған күнім [DOB_1]"),
    ("2010 йил декабр ойи туғилган", "[DOB_1] туғилган"),
    ("26-уми сентябри соли 1970 таваллуд шудам", "[DOB_1] таваллуд шудам"),
    ("санаи таваллуд дувоздаҳуми майи соли ду ҳазору се", "санаи таваллуд [DOB_1]"),
    ("туған күнім бірінші шілде сексенінші жылы", "туған күнім [DOB_1]"),
    ("сын родился 23-го фев 2008 г", "сын родился [DOB_1]"),
    ("я 1987 года рождения", "я [DOB_1]"),
    ("мен 87 жылғымын", "мен [DOB_1]"),
    ("93 yil 7 oy da tug'ilganman", "[DOB_1] da tug'ilganman"),
    ("соли 1990 таваллуд шудаам", "[DOB_1] таваллуд шудаам"),
    ("сын родился 16/VII/2020", "сын родился [DOB_1]"),
    ("туған күнім 080893", "туған күнім [DOB_1]"),
    # people
    ("тётя Роза и Мурат-ага", "[PERSON_1] и [PERSON_2]"),
    ("оны Сауле апай дейді", "оны [PERSON_1] дейді"),
    ("Оля и Света плачут", "[PERSON_1] и [PERSON_2] плачут"),
    ("Бакыт мой брат", "[PERSON_1] мой брат"),
    ("Нурсултан Абишевич обещал", "[PERSON_1] обещал"),
    ("меня зовут вера", "меня зовут [PERSON_1]"),
    ("зовут Зульфикар, фамилия Абдурахманов", "зовут [PERSON_1], фамилия [PERSON_2]"),
    ("хозяин Нурлан не платит", "хозяин [PERSON_1] не платит"),
    ("сказал рустаму что уйду", "сказал [PERSON_1] что уйду"),
    ("работаю у Зафара", "работаю у [PERSON_1]"),
    ("Иванов Сергей Петрович начальник", "[PERSON_1] начальник"),
    ("А. К. Жумагулов подписал", "[PERSON_1] подписал"),
    ("вчера Вера плакала", "вчера [PERSON_1] плакала"),
    ("menia zovut Gulnora", "menia zovut [PERSON_1]"),
    ("менің атым Бақыт", "менің атым [PERSON_1]"),
    ("Нұрланның үйінде тұрамын", "[PERSON_1] үйінде тұрамын"),
    ("менин атым Гулжан", "менин атым [PERSON_1]"),
    ("atym Nurlan komek kerek", "atym [PERSON_1] komek kerek"),
    ("Дінмұхамед Қалиұлы деген директор", "[PERSON_1] деген директор"),
    ("mening ismim Umid", "mening ismim [PERSON_1]"),
    ("usta karim ish bermayapti", "[PERSON_1] ish bermayapti"),
    ("Karimov Rustam Alisher o'g'li", "[PERSON_1]"),
    ("исмим Баҳром", "исмим [PERSON_1]"),
    ("farruhjon degan yigit", "[PERSON_1] degan yigit"),
    ("номам Чамшед, хочаин Рачаб", "номам [PERSON_1], хочаин [PERSON_2]"),
    ("Каримовро бигӯед", "[PERSON_1] бигӯед"),
    ("nomi man Farrukh ast", "nomi man [PERSON_1] ast"),
    ("Бибираҷаб маро мезанад", "[PERSON_1] маро мезанад"),
    ("усто Беҳрӯзаи Айниддин рафт", "[PERSON_1] рафт"),
    ("бо Акрамшо гурехтем", "бо [PERSON_1] гурехтем"),
    ("man farzona hastam", "man [PERSON_1] hastam"),
    ("маржан екеуміз қаштық", "[PERSON_1] екеуміз қаштық"),
    ("прораб Василич пьёт", "прораб [PERSON_1] пьёт"),
    # addresses
    ("мы на улице Абая 150, квартира 12", "мы на [ADDRESS_1]"),
    ("живу на толе би 20 кв 4", "живу на [ADDRESS_1]"),
    ("мкр Самал-2, д. 58, кв. 14", "[ADDRESS_1]"),
    ("Абай көшесі 12, 5 пәтер", "[ADDRESS_1]"),
    ("11 мкр 25 үй 14 пәтер", "[ADDRESS_1]"),
    ("Navoiy ko'chasi 12-uy, 5-xonadon", "[ADDRESS_1]"),
    ("кӯчаи Рӯдакӣ 12, хонаи 5", "[ADDRESS_1]"),
    ("ферма в селе Карасу", "[ADDRESS_1]"),
    ("Қарасу ауылында тұрамыз", "[ADDRESS_1] тұрамыз"),
    ("на трассе Алматы-Бишкек, поворот на Узынагаш", "на [ADDRESS_1]"),
    ("мы тут 43.238949, 76.889709", "мы тут [ADDRESS_1]"),
    ("https://maps.app.goo.gl/abcD123", "[ADDRESS_1]"),
    ("живу на Кирпичная, д. 92", "живу на [ADDRESS_1]"),
    ("держат на улице 8 Марта, 21", "держат на [ADDRESS_1]"),
    ("654-й километр Капчагайской трассы, вагон", "[ADDRESS_1]"),
    ("базарда 18 ряд 10 место", "[ADDRESS_1]"),
    ("Гагарин көшесі, жиырма үшінші үй, тез", "[ADDRESS_1], тез"),
    ("Көктерек ауылында мал бағамын", "[ADDRESS_1] мал бағамын"),
    ("мо дар микрорайони Дӯстии халқҳо", "мо дар [ADDRESS_1]"),
    ("ендік 51.1694 бойлық 71.4491", "[ADDRESS_1]"),
    ("мен Каскелен, Абылайхан 215 тұрмын", "мен [ADDRESS_1] тұрмын"),
    ("цех в доме 18 по Жумалиева", "[ADDRESS_1]"),
    ("стоим 43.2, 76.9", "стоим [ADDRESS_1]"),
    ("за мечетью налево, третий дом, серые ворота", "[ADDRESS_1]"),
    ("масҷиддан ўнгга, учинчи ҳовли, кўк дарвоза", "[ADDRESS_1]"),
    ("мешіттің қасындағы екінші үй, көк қақпа", "[ADDRESS_1]"),
    ("паси масҷид, хонаи сеюм, дарвозаи кабуд", "[ADDRESS_1]"),
    ("мкр Орбита-3, 27-112 держат", "[ADDRESS_1] держат"),
    ("Ұзынағаш а. Абай к. 12", "[ADDRESS_1]"),
    ("СНТ «Дружба», 4 линия, участок 77", "[ADDRESS_1]"),
    # workplaces
    ("не платят в «Kaspi Beton»", "не платят в [WORKPLACE_1]"),
    ("обманули нас в «Новый Мир»", "обманули нас в [WORKPLACE_1]"),
    ("«АҚ ЖОЛ» не платит, кафе «Көмек» тоже", "«[WORKPLACE_1]» не платит, [WORKPLACE_2] тоже"),
    ("«Шаңырақ» кафе-барынан қаштым", "[WORKPLACE_1] қаштым"),
    ("варю суп, столовая №5", "варю суп, [WORKPLACE_1]"),
    ("работаю в кафе «Достар»", "работаю в [WORKPLACE_1]"),
    ('ТОО "Алтын Дән" не платит', "[WORKPLACE_1] не платит"),
    ("жшс береке ақша бермейді", "[WORKPLACE_1] ақша бермейді"),
    ("достар кафесінде ыдыс жуамын", "[WORKPLACE_1] ыдыс жуамын"),
    ('"Bereket" bozorida ishlayman', "[WORKPLACE_1] ishlayman"),
    ("ҶДММ Сомон маош надод", "[WORKPLACE_1] маош надод"),
    ("Алаш құс фабрикасы төлемейді", "[WORKPLACE_1] төлемейді"),
    ("моро фирмаи сохтмонии Мерей фиреб дод", "моро [WORKPLACE_1] фиреб дод"),
    ("Injir qurilish firmasi aldadi", "[WORKPLACE_1] aldadi"),
    ("бригада строила для BAZIS", "бригада строила для [WORKPLACE_1]"),
    ("«Қаз Агро» ЖШС-нің қожайыны", "[WORKPLACE_1] қожайыны"),
]
# "тг" is Telegram or tenge; a number is hidden before it and before any other currency.
BEFORE_CURRENCY = [
    ("мой номер 8 701 234 56 78 тг", "мой номер [PHONE_1] тг"),
    ("мой номер 8 701 234 56 78, тг", "мой номер [PHONE_1], тг"),
    ("напишите мне 87012345678 тг", "напишите мне [PHONE_1] тг"),
    ("87012345678 сум", "[PHONE_1] сум"),
    ("87012345678 доллар", "[PHONE_1] доллар"),
    ("8 701 234 56 78 тыс", "[PHONE_1] тыс"),
    ("8 701 234 50 00 тг", "[PHONE_1] тг"),
    ("рақам 90 123 45 67 сомонӣ", "рақам [PHONE_1] сомонӣ"),
    ("тел 87012345678 100 000 тг", "тел [PHONE_1] 100 000 тг"),
    ("номер 255-34-12 тг", "номер [PHONE_1] тг"),
    ("телефон 2553412, тг", "телефон [PHONE_1], тг"),
]
LEFT_ALONE = [
    "он кричал «УБЬЮ ТЕБЯ» и ушёл",
    'орёт "УБЬЮ" в цеху',
    'орёт "НИКУДА НЕ ПОЙДЁШЬ"',
    "на стене «ОПАСНО ДЛЯ ЖИЗНИ»",
    "пишу «Помогите Нам», «Не Уйдёшь»",
    "навиштам «Кӯмак Кунед», ӯ «Мекушам»",
    '"Seni O\'ldiraman" dedi, "YORDAM BERING" dedim',
    "қожайын «Өлтіремін Сені» деді",
    "10 000 000 000 тг",
    "7500000000 so'm va 725450000 so'm",
    "75000-125000 тг",
    "долг 700 500 250 тг",
    "позвонил 112 и 102, потом 103, 111",
    "зарплата 150000 тенге",
    "обещали 150 000 - 200 000 тенге",
    "250 000 - 300 000 тг в месяц",
    "2 500 000 - 3 000 000 so'm",
    "oyligim 3 500 000 so'm edi va 3500000 so'm qarzim bor",
    "жалақым 180 000 теңге",
    "маош 2000 сомонӣ",
    "работаю с 01.09.2026 до 30.11.2026",
    "2026-11-21 дан бери",
    "01.09.2026-30.11.2026",
    "с 9:00 до 21:00 без выходных",
    "нас 25 человек, мне 19 лет, двое детей 5 и 7 лет",
    "статья 113 закона 2024 года",
    "закон от 5 июля 2024 года",
    "приехала 15 марта 2025",
    "заявка 12-3456",
    "115, 125 или 150 мекенжай",
    "екі ай жалақы жоқ, бір жүз елу мың теңге",
    "Қазақстанға Өзбекстаннан келдім, Алматы облысында тұрамын",
    "аз Душанбе омадам, дар Шымкент кор мекунам",
    "Туркестанская область, Сарыагашский район",
    "надежды больше нет, вера в людей пропала",
    "бақыт іздеп келдім, сабыр керек",
    "гул мефурӯшам, баҳор омадем, умед надорам",
    "umid qilib keldim, bahor kelyapti",
    "хозяин забрал паспорт, бригадир пьёт, мастер не платит",
    "ишу работу в кафе официанткой",
    "fermada mol boqaman",
    "дар ферма мол мебонам",
    "на улице холодно, в селе нет связи, на 5 этаже темно",
    "поезд 7, вагон 12, место 36",
    "Көрші ауылы алыс, мал фермасында жұмыс ауыр",
    "дар кӯчаи торик мегаштам, ошёнаи якум хунук",
    "Shahar bozorida yuk tashiyman, to'rtta uy qurdik",
    "Аспазшы мені балағаттады",
    "2 хона 3 ҳуҷра, 4 үй 2 бөлме бар",
    "на Шымкент 2 автобуса, поезд на Ташкент 45",
    "гостинице убирала, фирма обанкротилась",
    "15 марта 2025 года приехала, 8 марта работали",
    "сұлулық салонында істегем, dala 12 gektar",
    "раҳмат ба шумо, усто пул намедиҳад",
]


@pytest.mark.parametrize(("text", "seen"), FOUND)
def test_an_identifier_is_replaced_by_a_placeholder(anonymiser: Anonymiser, text: str, seen: str) -> None:
    assert anonymiser.anonymise(text, KEY).text == seen


@pytest.mark.parametrize(("text", "seen"), BEFORE_CURRENCY)
def test_a_number_before_a_currency_is_hidden(anonymiser: Anonymiser, text: str, seen: str) -> None:
    assert anonymiser.anonymise(text, KEY).text == seen


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_tells_nobody_stays(anonymiser: Anonymiser, text: str) -> None:
    assert anonymiser.anonymise(text, KEY).text == text


def test_a_region_stays_as_a_tag_also_when_an_address_takes_its_name_along(anonymiser: Anonymiser) -> None:
    found = anonymiser.anonymise("г. Шымкент, мкр Нурсат дом 5, сама из Таразской области", KEY)
    assert found.text.startswith("[ADDRESS_1], сама из")
    assert found.regions == ("C-SHY", "R-ZHA")


def test_a_name_of_a_person_is_no_region(anonymiser: Anonymiser) -> None:
    assert anonymiser.anonymise("Абай көшесі 5", KEY).regions == ()
    assert anonymiser.anonymise("Абай облысынан келдім", KEY).regions == ("R-ABA",)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Алматы облысында тұрамын", "R-ALM"),
        ("Алматы облысындамын", "R-ALM"),
        ("Алматыдамын", "C-ALM"),
        ("в Алматинской области", "R-ALM"),
        ("Ақтөбедемін", "R-AKT"),
        ("Shimkentdaman", "C-SHY"),
        ("Olmaota viloyatidaman", "R-ALM"),
        ("дар вилояти Туркистон", "R-TUR"),
    ],
)
def test_a_region_is_told_from_the_city_whatever_the_ending(anonymiser: Anonymiser, text: str, region: str) -> None:
    assert anonymiser.regions(text) == (region,)


@pytest.mark.parametrize(
    ("digits", "valid"), [("900101300017", True), ("900101300011", False), ("90010130001", False), ("90010130001x", False)]
)
def test_the_check_digit_of_an_identity_number_counts(digits: str, valid: bool) -> None:
    assert iin_is_valid(digits) is valid


def test_the_check_digit_of_a_card_counts() -> None:
    assert luhn("4561261212345467")
    assert not luhn("4561261212345464")

"""The people of the canary test, and everything by which one could know who they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from journeys.canaries import Plant


@dataclass(frozen=True)
class Who:
    """Somebody who writes. texts: what they write; planted: what of it may be in clear nowhere, by what it is."""

    name: str
    language: str
    address: str
    texts: tuple[str, ...]
    planted: dict[str, str]
    profile: dict[str, str] = field(default_factory=dict)  # of Telegram's

    @property
    def plants(self) -> list[Plant]:
        """Address, profile and everything they write of."""
        number = self.address.lstrip("+")
        own = {"address": number} | ({"address without its country": number[-10:]} if number != self.address else {})
        bare = {f"{what}, digits": _digits(self.planted[what]) for what in ("number", "card") if what in self.planted}
        return [Plant(f"{self.name}: {what}", words) for what, words in {**own, **self.profile, **self.planted, **bare}.items()]


def _digits(written: str) -> str:
    """A number as it may stand somewhere else: without signs, and a telephone number without its country."""
    return re.sub(r"^(?:992|998|[78](?=\d{10}$))", "", re.sub(r"\D", "", written))


# Each of them writes one word that no list knows: no identifier, so it goes to the assistant, and is to be kept nowhere either.
GULBAHOR = Who(
    "Gulbahor",
    "ru",
    "7301554201",
    (
        "меня зовут Гулбахор Раззокзода, родилась 14.03.1994, ИИН 940314400128, паспорт N14417752",
        "мой телефон +7 701 554 83 92, почта gulya.razzoq94@pochta-test.kz, в телеграме @razzoq_gulya94",
        "адрес улица Жангельдина 118 квартира 47, работаю в ТОО Кызылжартас Сервис, зумрадалой",
        "платили на карту 4400 4302 1177 5538 и на счёт KZ86125KZT5004100100, машина хозяина 777 QRZ 02",
    ),
    {
        "surname": "Раззокзода",
        "birth": "14.03.1994",
        "IIN": "940314400128",
        "passport": "N14417752",
        "number": "+7 701 554 83 92",
        "mail": "gulya.razzoq94@pochta-test.kz",
        "handle": "razzoq_gulya94",
        "street": "Жангельдина 118",
        "street's name": "Жангельдин",
        "workplace": "Кызылжартас",
        "word": "зумрадалой",
        "card": "4400 4302 1177 5538",
        "account": "KZ86125KZT5004100100",
        "plate": "777 QRZ 02",
    },
    {"first name": "Гулбахорчик", "last name": "Раззоқзодавна", "user name": "gulbahorchik_rz"},
)
MAHLIYO = Who(
    "Mahliyo",
    "tg",
    "7302667814",
    (
        "номи ман Маҳлиёбону Шарофутдинзода, хоҷаам паспорти маро гирифт, гулдастакорӣ",
        "рақами ман +992 93 551 77 04, хешам дар кӯчаи Навобахшон 63 зиндагӣ мекунад",
        "боз як рақами дигар +992 93 551 88 26",
    ),
    {
        "name": "Маҳлиёбону",
        "surname": "Шарофутдинзода",
        "number": "+992 93 551 77 04",
        "other number, digits": "935518826",
        "street": "Навобахшон 63",
        "word": "гулдастакорӣ",
    },
    {"first name": "Маҳлиёҷон", "last name": "Шарофутдинова", "user name": "mahliyo_sharof"},
)
ZULXUMOR = Who(
    "Zulxumor",
    "uz",
    "+77015551846",
    (
        "mening ismim Zulxumoroy Abdumannopova, xo'jayin maoshimni bermayapti, qirmizgulcha",
        "onamning raqami +998 90 337 45 18, karta raqami 8600 4921 0453 7739",
    ),
    {
        "name": "Zulxumoroy",
        "surname": "Abdumannopova",
        "number": "+998 90 337 45 18",
        "card": "8600 4921 0453 7739",
        "word": "qirmizgulcha",
    },
)
AIZHARKYN = Who(
    "Aizharkyn",
    "kk",
    "+77075551377",
    (
        "менің атым Айжарқынкүл Төлегенқызы, жалақымды бермей жатыр, қызғалдақтай",
        "әпкемнің нөмірі 8 (702) 555-48-61, көлік нөмірі 461 KZX 13",
    ),
    {
        "name": "Айжарқынкүл",
        "surname": "Төлегенқызы",
        "number": "8 (702) 555-48-61",
        "plate": "461 KZX 13",
        "word": "қызғалдақтай",
    },
)
EVERYBODY = (GULBAHOR, MAHLIYO, ZULXUMOR, AIZHARKYN)
# Somebody whom the database could not take in.
NIGORAXON = Who(
    "Nigoraxon", "ru", "7303771925", ("это Нигорахон Камолиддинова, у меня забрали документы",),
    {"name": "Нигорахон", "surname": "Камолиддинова"}, {"first name": "Нигорахончик"},
)  # fmt: skip
PLANTED = [plant for who in (*EVERYBODY, NIGORAXON) for plant in who.plants]

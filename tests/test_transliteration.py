"""The second script: Uzbek in Cyrillic, Kazakh in Latin."""

from __future__ import annotations

import re
import string

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.settings import PROJECT
from hotline_bridge.transliteration import into_script

UZ = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ' .,"
KK = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюяАӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ .,"
CYRILLIC = re.compile(r"[\u0400-\u052f]")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def mixed(text: str) -> list[str]:
    """Words with letters of both alphabets."""
    return [word for word in re.findall(r"[^\W\d_]+", text) if CYRILLIC.search(word) and LATIN.search(word)]


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("o'zbek", "ўзбек"),
        ("oʻzbek", "ўзбек"),
        ("G'arb", "Ғарб"),
        ("shahar", "шаҳар"),
        ("chiroq", "чироқ"),
        ("yordam", "ёрдам"),
        ("yo'q", "йўқ"),
        ("Yo'q", "Йўқ"),
        ("YO'Q", "ЙЎҚ"),
        ("yil", "йил"),
        ("yetti", "етти"),
        ("yuz", "юз"),
        ("yaxshi", "яхши"),
        ("elchixona", "элчихона"),
        ("kerak", "керак"),
        ("oeli", "оэли"),
        ("ma'lumot", "маълумот"),
        ("mas'ul", "масъул"),
        ("is'hoq", "исҳоқ"),
        ("politsiyaga", "полицияга"),
        ("Kompensatsiya", "Компенсация"),
        ("yanvarda", "январда"),
        ("yanvar", "январь"),
        ("Qozog'iston", "Қозоғистон"),
        ("ISH HAQI", "ИШ ҲАҚИ"),
        ("112 ga qo'ng'iroq qiling", "112 га қўнғироқ қилинг"),
    ],
)
def test_uzbek_reads_in_cyrillic_as_it_is_written_there(latin: str, cyrillic: str) -> None:
    assert into_script(latin, "uz", "cyrl") == cyrillic


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("қазақша", "qazaqşa"),
        ("Әділет", "Ädılet"),
        ("іс", "ıs"),
        ("Іс", "Is"),
        ("Иә", "İä"),
        ("көмек", "kömek"),
        ("жалақы", "jalaqy"),
        ("үй", "üi"),
        ("ұл", "ūl"),
        ("ауыл", "auyl"),
        ("заң", "zañ"),
        ("ғылым", "ğylym"),
        ("полиция", "politsia"),
        ("Яғни", "İağni"),
        ("112 нөмірі", "112 nömırı"),
    ],
)
def test_kazakh_reads_in_latin_by_the_alphabet_of_2021(cyrillic: str, latin: str) -> None:
    assert into_script(cyrillic, "kk", "latn") == latin


@given(st.text(UZ, max_size=60), st.text(KK, max_size=60))
def test_placeholders_survive(uzbek: str, kazakh: str) -> None:
    for text, language, script in ((uzbek, "uz", "cyrl"), (kazakh, "kk", "latn")):
        with_places = f"{text}{{p112}} {text}{{code}}"
        done = into_script(with_places, language, script)
        assert [name for _, name, _, _ in string.Formatter().parse(done) if name] == ["p112", "code"]


@pytest.mark.parametrize("letter", sorted(set("abdefghijklmnopqrstuvxyz")))
def test_every_uzbek_letter_has_one_in_cyrillic(letter: str) -> None:
    for form in (letter, letter.upper()):
        done = into_script(f"x{form}x", "uz", "cyrl")
        assert not LATIN.search(done), done


@pytest.mark.parametrize("letter", sorted(set(KK) - set(" .,")))
def test_every_kazakh_letter_has_one_in_latin(letter: str) -> None:
    assert not CYRILLIC.search(into_script(f"а{letter}а", "kk", "latn"))


@pytest.mark.parametrize("language", ["kk", "ru", "uz", "tg"])
def test_the_catalogs_own_script_is_left_alone(language: str) -> None:
    own = "latn" if language == "uz" else "cyrl"
    assert into_script("Oʻzbek, қазақ, тоҷик {p112}", language, own) == "Oʻzbek, қазақ, тоҷик {p112}"


@pytest.mark.parametrize("language", ["ru", "tg"])
@given(text=st.text(max_size=50))
def test_languages_with_one_script_never_change(language: str, text: str) -> None:
    assert into_script(text, language, "latn") == text


@pytest.mark.parametrize(("language", "script"), [("uz", "cyrl"), ("kk", "latn")])
def test_no_word_of_a_catalog_mixes_two_alphabets_in_either_script(language: str, script: str) -> None:
    with (PROJECT / "locales" / language / "LC_MESSAGES" / "replies.po").open("rb") as file:
        said = [str(message.string) for message in read_po(file, locale=language) if message.id]
    assert {word for text in said for word in mixed(text)} == set()
    turned = [into_script(text, language, script) for text in said]
    assert {word for text in turned for word in mixed(re.sub(r"\{[^}]*\}", "", text))} == set()


@given(st.text(max_size=80))
def test_any_text_can_be_turned(text: str) -> None:
    for language, script in (("uz", "cyrl"), ("kk", "latn")):
        into_script(text, language, script)

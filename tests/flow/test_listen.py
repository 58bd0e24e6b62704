"""listen: decisions about a text, as pure functions."""

from __future__ import annotations

import unicodedata
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.language import Reading
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow import listen
from hotline_bridge.messages import Channel

SOMEBODY = Conversation(UUID(int=1), Channel.TELEGRAM)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)


@given(ANY_TEXT)
def test_what_is_read_holds_no_control_mark_and_never_begins_with_a_slash(text: str) -> None:
    cleaned = listen.clean(text)
    assert not cleaned.startswith("/")
    assert cleaned == cleaned.strip()
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in cleaned)
    cleaned.encode()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("/start", "start"),
        ("//restart", "restart"),
        ("/ /danger_now", "danger_now"),
        ("\u200b/deny", "deny"),
        (' / \n/ \t/inform{"a": "b"}', 'inform{"a": "b"}'),
        ("1/2", "1/2"),
        ("а\0б", "а б"),
        ("\u202eкод", "код"),
        ("да\ud83d", "да"),
        ("строка\nещё", "строка\nещё"),
    ],
)
def test_marks_and_slashes_are_taken_away_and_words_stay(text: str, cleaned: str) -> None:
    assert listen.clean(text) == cleaned


def test_a_word_without_end_is_parted_so_that_reading_it_takes_no_time() -> None:
    cleaned = listen.clean("абвгдежз" * 2500)
    assert cleaned.replace(" ", "") == "абвгдежз" * 2500
    assert max(len(word) for word in cleaned.split()) == listen.LONGEST_WORD


def test_no_character_is_read_as_a_word_of_letters() -> None:
    letters = [listen.clean(chr(code)) for code in range(0x3000, 0x10000)]  # where such characters are
    assert max(len(unicodedata.normalize("NFKC", letter)) for letter in letters) == listen.MANY


@pytest.mark.parametrize(("text", "words"), [("", False), ("😀😀", False), ("?!…", False), ("а", True), ("7", True), ("ӯ", True)])
def test_words_are_letters_or_digits(text: str, words: bool) -> None:
    assert listen.has_words(text) is words


OFFER = Conversation(UUID(int=1), Channel.TWILIO, offered=("topic/ask_shelter", "more", "operator"))


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1", "topic/ask_shelter"),
        (" 2 ", "more"),
        ("3.", "operator"),
        ("2)", "more"),
        ("0", "operator"),
        ("4", None),
        ("9", None),
        ("12", None),
        ("-1", None),
        ("²", None),
        ("1 2", None),
        ("", None),
    ],
)
def test_a_number_means_what_the_last_list_offered_and_nought_a_person(text: str, choice: str | None) -> None:
    assert listen.chosen(OFFER, text) == choice


@given(ANY_TEXT, st.lists(st.sampled_from(["more", "operator", "yes"]), max_size=9))
def test_no_text_can_choose_what_was_not_offered(text: str, offered: list[str]) -> None:
    somebody = Conversation(UUID(int=1), Channel.TWILIO, offered=tuple(offered))
    assert listen.chosen(somebody, text) in {None, "operator", *offered}


@pytest.mark.parametrize("digit", ["٠", "०", "０"])
def test_a_nought_of_another_script_is_not_the_last_of_the_list(digit: str) -> None:
    assert listen.chosen(OFFER, digit) in (None, "operator")
    assert listen.chosen(SOMEBODY, digit) in (None, "operator")


def _after(before: tuple[str | None, str, bool], language: str | None, script: str | None) -> tuple[str | None, str]:
    conversation = Conversation(UUID(int=1), Channel.TELEGRAM, language=before[0], script=before[1], language_chosen=before[2])
    after = listen.voice_after(conversation, Reading(language, 0.9, script))  # type: ignore[arg-type]
    return after.language, after.script


@pytest.mark.parametrize(
    ("before", "language", "script", "after"),
    [
        # the first message tells
        ((None, "cyrl", False), "uz", "latn", ("uz", "latn")),
        ((None, "cyrl", False), "kk", "cyrl", ("kk", "cyrl")),
        ((None, "cyrl", False), "ru", "latn", ("ru", "cyrl")),
        # changed by a clear message, kept when unsure or foreign
        (("uz", "latn", False), "ru", "cyrl", ("ru", "cyrl")),
        (("uz", "latn", False), None, "cyrl", ("uz", "latn")),
        (("uz", "latn", False), "other", "latn", ("uz", "latn")),
        (("tg", "cyrl", False), None, None, ("tg", "cyrl")),
        (("tg", "cyrl", False), "tg", "latn", ("tg", "cyrl")),
        # the script follows the script
        (("uz", "latn", False), "uz", "cyrl", ("uz", "cyrl")),
        (("uz", "cyrl", False), "uz", "latn", ("uz", "latn")),
        (("kk", "cyrl", False), "kk", "latn", ("kk", "latn")),
        (("kk", "latn", False), "kk", None, ("kk", "latn")),
        (("kk", "latn", False), "tg", "cyrl", ("tg", "cyrl")),
        # asked for: sticky, though the script still follows
        (("uz", "latn", True), "ru", "cyrl", ("uz", "latn")),
        (("uz", "latn", True), "uz", "cyrl", ("uz", "cyrl")),
        (("ru", "cyrl", True), "uz", "latn", ("ru", "cyrl")),
    ],
)
def test_language_and_script_follow_the_message(
    before: tuple[str | None, str, bool], language: str | None, script: str | None, after: tuple[str, str]
) -> None:
    assert _after(before, language, script) == after


@pytest.mark.parametrize(("language", "script"), [("uz", "latn"), ("kk", "cyrl"), ("ru", "cyrl"), ("tg", "cyrl")])
def test_a_language_that_was_asked_for_comes_in_its_usual_script_and_stays(language: str, script: str) -> None:
    chosen = listen.with_language(SOMEBODY, language)
    assert (chosen.language, chosen.script, chosen.language_chosen) == (language, script, True)
    assert listen.with_language(SOMEBODY, "kk", "latn").script == "latn"
    assert listen.with_language(SOMEBODY, "ru", "latn").script == "cyrl"

"""Words that answer a question of ours, in four languages as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.reading.answers import CHOICES, Answers, AnswersWrong

NLU = Path(__file__).resolve().parents[2] / "nlu"
HOURS = ("morning", "day", "evening", "night", "any", "skip")
HOW = ("this_chat", "number", "call", "skip")


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers.load(NLU / "answers")


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("утром и вечером", ("morning", "evening")),
        ("Ertalab va kechqurun", ("morning", "evening")),
        ("эрталаб", ("morning",)),
        ("таңертең және кешке", ("morning", "evening")),
        ("keshke", ("evening",)),
        ("саҳар ва бегоҳ", ("morning", "evening")),
        ("shabona", ("night",)),
        ("в любое время", ("any",)),
        ("ҳар вақт", ("any",)),
    ],
)
def test_parts_of_the_day_are_read_in_every_language(answers: Answers, text: str, chosen: tuple[str, ...]) -> None:
    assert answers.chosen(text, HOURS) == chosen


@pytest.mark.parametrize("text", ["вечером после 8", "ночью меня держат взаперти", "kechasi urishadi", "", "привет", "и"])
def test_a_message_with_any_other_word_is_no_choice(answers: Answers, text: str) -> None:
    assert answers.chosen(text, HOURS) == ()


def test_only_what_was_offered_can_be_chosen(answers: Answers) -> None:
    assert answers.chosen("позвоните", HOW) == ("call",)
    assert answers.chosen("позвоните", HOURS) == ()
    assert answers.chosen("кейін", HOW) == ("skip",)


@pytest.mark.parametrize("language", ["kk", "ru", "uz", "tg"])
def test_every_choice_can_be_said_in_every_language(language: str, tmp_path: Path) -> None:
    (tmp_path / f"{language}.yml").write_bytes((NLU / "answers" / f"{language}.yml").read_bytes())
    alone = Answers.load(tmp_path)
    said = {key for keys in alone.words.values() for key in keys}
    assert said >= {*CHOICES, "safe", "unsafe"}


@pytest.mark.parametrize("text", ["да", "Да, могу", "ha", "ҳа мешавад", "иә", "bolady", "hozir bo'ladi", "можно"])
def test_a_yes_says_that_it_is_safe(answers: Answers, text: str) -> None:
    assert answers.is_safe(text) is True


@pytest.mark.parametrize(
    "text", ["нет", "не могу", "да нет", "потом", "жоқ", "жок", "yo'q", "ёқ хозир эмас", "не", "ҳозир не", "я не один", "нельзя"]
)
def test_any_word_of_no_says_that_it_is_not(answers: Answers, text: str) -> None:
    assert answers.is_safe(text) is False


@pytest.mark.parametrize("text", ["кто это", "да кто это пишет", "ким бу", "", "сейчас", "12"])
def test_a_yes_beside_other_words_says_nothing(answers: Answers, text: str) -> None:
    assert answers.is_safe(text) is None


@pytest.mark.parametrize("content", ["maybe: [x]", "call: [1]", "call: x", "call: ['!']", "- call"])
def test_a_wrong_list_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "ru.yml").write_text(content)
    with pytest.raises(AnswersWrong, match=r"ru\.yml"):
        Answers.load(tmp_path)

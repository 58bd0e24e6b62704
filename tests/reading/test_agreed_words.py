"""The words that are agreed on: harmless, easy to type in every script, and known again however they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.reading.agreed_words import ENDINGS, AgreedWords, WordListWrong, _stems, far_apart, is_all, stands_in
from bot.reading.answers import Answers
from bot.reading.commands import Commands
from bot.reading.spelling import fold, tokens
from bot.training.corpus import LANGUAGES, sentences

NLU = Path(__file__).resolve().parents[2] / "nlu"
# As people type who do not have, or do not use, the letters of their own language.
WITHOUT_OWN_LETTERS = str.maketrans("әғқңөұүһіӣӯҳҷёў", "агкноуухииухчеу")


@pytest.fixture(scope="module")
def words() -> AgreedWords:
    return AgreedWords.load(NLU / "agreed_words")


@pytest.fixture(scope="module")
def written() -> set[str]:
    """Every word that stands in a sentence of ours, in a command or an answer."""
    texts = [sentence.text for sentence in sentences(NLU)]
    for path in [*NLU.glob("heldout/*.jsonl"), *NLU.glob("danger/*.jsonl")]:
        texts += [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = {token for text in texts for token in tokens(text)}
    found |= {token for phrase in Commands.load(NLU / "commands").words for token in phrase.split()}
    return found | {token for phrase in Answers.load(NLU / "answers").words for token in phrase}


def patterns() -> set[str]:
    """The folded words of the danger lists' patterns."""
    found: set[str] = set()
    for path in NLU.glob("danger/*.yml"):
        for kinds in yaml.safe_load(path.read_text(encoding="utf-8")).values():
            found |= {form for lines in kinds.values() for line in lines or () for form in fold(str(line)).split()}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_words_and_none_is_there_twice(words: AgreedWords, language: str) -> None:
    forms = [fold(word) for word in words.lists[language]]
    assert len(set(forms)) == len(forms) >= 60
    assert all(word.isalpha() and word == word.lower() for word in words.lists[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_stays_itself_in_every_script_and_without_special_letters(words: AgreedWords, language: str) -> None:
    transliteration = pytest.importorskip("hotline_bridge.transliteration", exc_type=ImportError)
    for word in words.lists[language]:
        typed = {transliteration.into_script(word, language, script) for script in ("latn", "cyrl")}
        typed |= {word.upper(), word.translate(WITHOUT_OWN_LETTERS)}
        assert {fold(one) for one in typed} == {fold(word)}, word


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_one_that_people_write_about_their_trouble(words: AgreedWords, language: str, written: set[str]) -> None:
    """A sentence about onions must not end the talk; and nothing agreed may look like an order or like danger."""
    dangerous = patterns()
    for word in words.lists[language]:
        form = fold(word)
        stems = tuple(_stems(form))
        assert all(len(stem) >= 4 for stem in stems), word
        assert not [w for w in written if w.startswith(stems) and len(w) <= len(form) + ENDINGS], word
        assert not [w for w in dangerous if w.startswith(stems) or (len(w) > 3 and form.startswith(w))], word


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_proposed_words_cannot_be_taken_for_each_other(words: AgreedWords, language: str) -> None:
    for _ in range(100):
        known, alarm = words.propose(language, besides=["не слово"])
        assert far_apart(known, alarm)


def test_other_words_are_other_ones(words: AgreedWords) -> None:
    first = words.lists["ru"][:40]
    assert all(word not in first for _ in range(50) for word in words.propose("ru", besides=first))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("груша", "груша"),
        ("груша", "Купи, пожалуйста, ГРУШ!"),
        ("груша", "ну ладно потом grushi куплю"),
        ("груша", "груща"),
        ("груша", "грша"),
        ("груша", "гурша"),
        ("қалқан", "калкандар"),
        ("шырақ", "шырағымды"),
        ("atirgul", "атиргуллар"),
        ("ангур", "angurro биёр"),
        ("ҳалво", "халво"),
    ],
)  # fmt: skip
def test_the_word_is_known_in_any_script_with_endings_and_with_a_slip(word: str, text: str) -> None:
    assert stands_in(word, text)


@pytest.mark.parametrize("text", ["грузовик", "душа", "", "меня бьют", "групповое фото"])
def test_other_words_are_not_taken_for_it(text: str) -> None:
    assert not stands_in("груша", text)


def test_coming_back_needs_the_word_alone() -> None:
    assert is_all("груша", "  Grusha. ")
    assert not is_all("груша", "какая ещё груша")


@pytest.mark.parametrize("content", ["груша: 1", "- 5", ""])
def test_a_wrong_list_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "ru.yml").write_text(content)
    with pytest.raises(WordListWrong, match=r"ru\.yml"):
        AgreedWords.load(tmp_path)


def test_an_empty_folder_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(WordListWrong):
        AgreedWords.load(tmp_path)

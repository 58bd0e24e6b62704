"""A concept is found in any spelling of any of its words, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.reading.concepts import Concepts, ConceptsWrong, words_of

WORDS = {"debt": ["долг*", "qarz*", "қарз"], "child": ["бала", "тартып ал*"], "boss": ["хозяин*"]}


@pytest.fixture
def concepts() -> Concepts:
    return Concepts.of(WORDS)


def named(concepts: Concepts, folded: str) -> list[str]:
    return [f for f in concepts.features(folded) if f.count("«") == 1]


@pytest.mark.parametrize(
    ("folded", "found"),
    [
        ("dolgi", ["«debt"]),
        ("karzim bor", ["«debt"]),
        ("bala", ["«child"]),
        ("balalar", []),  # no star, no ending
        ("tartip aldi", ["«child"]),
        ("tartip bala", ["«child"]),
        ("tartip", []),
        ("hoziain dolg dolg", ["«boss", "«debt"]),
        ("", []),
    ],
)
def test_words_are_found_by_their_beginning_where_a_star_allows(concepts: Concepts, folded: str, found: list[str]) -> None:
    assert named(concepts, folded) == found


def test_two_concepts_and_two_neighbours_are_features_too(concepts: Concepts) -> None:
    assert list(concepts.features("hoziain dolg")) == ["«boss", "«debt", "«boss«debt", "««hozi dolg"]


def test_a_long_story_makes_no_pairs() -> None:
    many = Concepts.of({f"c{n}": [f"word{chr(97 + n)}"] for n in range(12)})
    story = " ".join(f"word{chr(97 + n)}" for n in range(12))
    assert not [f for f in many.features(story) if f.startswith("«c") and f.count("«") > 1]


@pytest.mark.parametrize("content", ["debt: долг\n", "debt: [103]\n", "yes: [да]\n", "[a]\n"])
def test_a_wrong_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "words.yml").write_text(content)
    with pytest.raises(ConceptsWrong, match=r"words\.yml"):
        words_of(tmp_path)


def test_an_entry_of_punctuation_is_named() -> None:
    with pytest.raises(ConceptsWrong, match="debt"):
        Concepts.of({"debt": ["*"]})


def test_the_linguists_words_can_be_read() -> None:
    folder = Path(__file__).resolve().parents[2] / "nlu" / "concepts"
    assert Concepts.load(folder).stems

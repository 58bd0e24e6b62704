"""Knowledge: what is not confirmed is never shown, what is stale is withheld, money comes from the year's index."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from jsonschema.validators import validator_for

from hotline_bridge import knowledge
from hotline_bridge.errors import KnowledgeError
from hotline_bridge.knowledge import SHOWN, Index, Knowledge
from hotline_bridge.messages import Reply, Voice
from hotline_bridge.replies.render import Renderer
from hotline_bridge.settings import PROJECT

DAYS = [date(2026, 11, 21), date(2026, 12, 31), date(2027, 1, 1), date(2027, 4, 1), date(2027, 6, 1), date(2031, 1, 1)]
RU = Voice("ru")


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_on_any_day_only_pages_whose_facts_may_be_shown_are_in_an_answer(renderer: Renderer, day: date) -> None:
    for topic in renderer.knowledge.topics.values():
        said = renderer.render(Reply("topic", topic=topic.name), RU, sms=False, today=day)
        first = topic.pages[0]
        assert said.withheld is not renderer.knowledge.may_be_shown(first, day), topic.name
        for page in topic.pages:
            stale = not all(f.status in SHOWN and day <= f.review_by for f in (renderer.knowledge.facts[i] for i in page.facts))
            text = renderer.catalogs["ru"].upgettext(page.context, page.text)
            if "{" not in text and (stale or said.withheld):
                assert text not in said.message.text, page.context
            elif "{" not in text:
                assert text in said.message.text, page.context


@pytest.mark.parametrize("sms", [True, False])
def test_a_withheld_topic_offers_a_person(renderer: Renderer, sms: bool, voice: Voice) -> None:
    said = renderer.render(Reply("topic", topic="ask_shelter"), voice, sms=sms, today=date(2040, 1, 1))
    assert said.withheld
    assert said.offered[0] == "operator"


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("key", ["danger_now", "medical_emergency", "suicidal_thoughts", "child_in_danger", "assistant_down"])
def test_safety_replies_are_never_withheld(renderer: Renderer, day: date, key: str) -> None:
    text = renderer.render(Reply(key), RU, sms=True, today=day).message.text
    assert "112" in text


def test_the_form_that_files_are_checked_by_is_a_schema_itself() -> None:
    schema = json.loads((PROJECT / "knowledge" / "schema.json").read_text(encoding="utf-8"))
    validator_for(schema).check_schema(schema)


def test_no_text_rests_on_an_unconfirmed_fact(loaded: Knowledge) -> None:
    for text in loaded.texts():
        assert {loaded.facts[fact].status for fact in text.facts} <= SHOWN, text.context


def _with(index: dict[int, Index], renderer: Renderer) -> Renderer:
    return replace(renderer, knowledge=replace(renderer.knowledge, mci=index))


def sums(renderer: Renderer, day: date) -> str:
    """Everything that is said on a day, so all sums."""
    fresh = {key: replace(fact, review_by=date(2040, 1, 1)) for key, fact in renderer.knowledge.facts.items()}
    still = replace(renderer, knowledge=replace(renderer.knowledge, facts=fresh))
    said = [still.render(Reply("topic", topic=name), RU, sms=False, today=day).message.text for name in still.knowledge.topics]
    return "\n".join(said)


def test_sums_are_the_index_of_the_year_times_what_the_text_says(renderer: Renderer, loaded: Knowledge) -> None:
    multiples = {int(m) for text in loaded.texts() for m in _multiples(text.text)}
    assert multiples
    for year, tenge in ((2026, 4325), (2027, 5000)):
        said = sums(_with({year: Index(tenge, date(year, 12, 31))}, renderer), date(year, 6, 1))
        for times in multiples:
            assert f"{times * tenge:,}".replace(",", " ") in said


def _multiples(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{mci")[1:] if part[:1].isdigit()]


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2027, 6, 1)], ids=str)
def test_without_the_years_index_no_sum_is_said_and_the_rest_of_the_topic_stays(renderer: Renderer, day: date) -> None:
    old = _with({2026: Index(4325, date(2026, 12, 31))}, renderer)
    said = sums(old, day)
    with_sums = sums(_with({day.year: Index(4325, date(2040, 1, 1))}, renderer), day)
    for times in {int(m) for text in renderer.knowledge.texts() for m in _multiples(text.text)}:
        assert f"{times * 4325:,}".replace(",", " ") not in said
    assert 0.8 * len(with_sums) < len(said) < len(with_sums)


def test_what_is_stale_is_named_a_sentence_each(loaded: Knowledge) -> None:
    fresh = min(f.review_by for f in loaded.facts.values())
    assert loaded.stale(fresh) == []
    late = loaded.stale(date(2040, 1, 1))
    assert any("amounts.yml" in sentence for sentence in late)
    assert any("The number 112" in sentence for sentence in late)
    some = next(text.facts[0] for text in loaded.texts() if text.facts)
    assert any(sentence.startswith(some) for sentence in loaded.stale(loaded.facts[some].review_by + timedelta(days=1)))
    assert not any(sentence.startswith(f"{some} ") for sentence in loaded.stale(loaded.facts[some].review_by))


def test_only_numbers_that_are_switched_on_can_be_printed(loaded: Knowledge) -> None:
    assert {c.number for c in loaded.contacts.values()} == {"101", "102", "103", "104", "111", "112"}


def _replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        file = folder / name
        source = file.read_text(encoding="utf-8")
        assert old in source, old
        file.write_text(source.replace(old, new), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_replaced("topics/ask_unpaid_wages.yml", "facts: [F-WAGE-4]", "facts: [F-WAGE-5]"), "F-WAGE-5, which is unconfirmed"),
        (_replaced("topics/ask_unpaid_wages.yml", "facts: [F-WAGE-4]", "facts: [F-NONE-1]"), "F-NONE-1"),
        (_replaced("topics/ask_unpaid_wages.yml", "see_also: [labour_exploitation", "see_also: [ask_nothing"), "ask_nothing"),
        (_replaced("topics/ask_unpaid_wages.yml", "id: F-WAGE-1", "id: F-COMP-12"), "F-COMP-12"),
        (_replaced("topics/ask_unpaid_wages.yml", "source: S-LAB", "source: S-NONE"), "S-NONE"),
        (_replaced("topics/ask_unpaid_wages.yml", "title:", "titel:"), "ask_unpaid_wages.yml"),
        (_replaced("topics/ask_unpaid_wages.yml", "review_by: 2027-03-31", "review_by: spring"), "ask_unpaid_wages.yml"),
        (_replaced("replies/control.yml", "greet:", "greet: ["), "control.yml"),
        (lambda folder: (folder / "amounts.yml").unlink(), "amounts.yml"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_place(tmp_path: Path, change: Callable[[Path], None], named: str) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(PROJECT / "knowledge", folder)
    change(folder)
    with pytest.raises(KnowledgeError, match=named):
        knowledge.load(folder)

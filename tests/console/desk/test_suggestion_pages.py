"""From "Misunderstood?" under a line of the conversation to the linguist's file."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
from console.cases import add_line
from console.conftest import Browser
from console.desk.conftest import CONSENT
from fakes_bridge import ask

from bot.training import corpus
from hotline_bridge import transcript
from hotline_bridge.console import suggestion_names
from hotline_bridge.console.suggestions_yaml import training
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.flow.suggest import Sentence
from hotline_bridge.settings import PROJECT
from hotline_bridge.suggestions import INTENTS, TOPICS


@pytest.fixture
async def saule(browser_of: Callable[..., Awaitable[Browser]]) -> Browser:
    return await browser_of("supervisor", name="Saule")


async def places(anna: Browser, conversation: UUID) -> list[str]:
    """Where it is said of each line that can be misunderstood."""
    page = (await anna.get(f"/conversations/{conversation}")).text
    return re.findall(rf'<a href="(/conversations/{conversation}/lines/[^"]+/misunderstood)"', page)


def consents(page: str) -> list[str]:
    return re.findall(r'name="consent" value="([^"]+)"', page)


async def suggest(anna: Browser, conversation: UUID) -> str:
    place = (await places(anna, conversation))[0]
    line = consents((await anna.get(place)).text)[0]
    made = await anna.submit(place, meant="ask_unpaid_wages", consent=line)
    assert made.status_code == 303
    return place


def test_everything_that_is_trained_can_be_meant_and_has_a_name() -> None:
    for language in ("kk", "ru", "uz", "tg"):
        assert {path.stem for path in (PROJECT / "nlu" / "training" / language).glob("*.yml")} == INTENTS
    assert set(suggestion_names.MEANINGS) | set(TOPICS) == INTENTS


async def test_it_is_asked_under_the_persons_sentences_of_whoever_has_the_conversation(
    anna: Browser, bolat: Browser, agreed: UUID
) -> None:
    assert len(await places(anna, agreed)) == 2
    assert await places(bolat, agreed) == []
    place = (await places(anna, agreed))[0]
    assert (await bolat.get(place)).status_code == 409
    assert (await bolat.submit(place, meant="greet", consent="typed", words=CONSENT)).status_code == 409


async def test_it_is_asked_under_earlier_lines_too(anna: Browser, agreed: UUID, stations: DeskStations) -> None:
    first, _ = await places(anna, agreed)
    for number in range(transcript.LATEST):
        await add_line(stations, agreed, f"ещё {number}", speaker="bot")
    assert first in (await anna.get(f"/conversations/{agreed}?lines={2 * transcript.LATEST}")).text
    page = (await anna.get(first)).text
    assert CONSENT in page
    made = await anna.submit(first, meant="ask_unpaid_wages", consent=consents(page)[0])
    assert made.status_code == 303


async def test_nobody_agrees_before_they_were_asked(anna: Browser, agreed: UUID) -> None:
    first, last = await places(anna, agreed)
    page = (await anna.get(first)).text
    assert len(consents(page)) == 2
    assert CONSENT in page
    assert consents((await anna.get(last)).text) == ["typed"]
    earlier = first.split("/")[-2]
    assert (await anna.submit(last, meant="greet", consent=earlier)).status_code == 422


async def test_within_the_page_a_refused_form_keeps_what_was_entered(anna: Browser, agreed: UUID) -> None:
    place = (await places(anna, agreed))[0]
    htmx = {"hx-request": "true", "x-csrf-token": anna.csrf}
    assert "<html" not in (await anna.get(place, headers=htmx)).text
    refused = await anna.post(place, data={"meant": "ask_cost", "consent": "typed", "words": "1"}, headers=htmx)
    assert refused.status_code == 422
    assert '<option value="ask_cost" selected>' in refused.text
    assert 'value="typed" required checked' in refused.text
    assert "own words of consent nothing is suggested" in refused.text
    kept = await anna.post(place, data={"meant": "ask_cost", "consent": "typed", "words": CONSENT}, headers=htmx)
    assert kept.status_code == 200
    assert "Suggested for teaching" in kept.text
    assert len(await places(anna, agreed)) == 1


async def test_from_the_line_to_the_file_which_is_ready_for_training(
    anna: Browser, saule: Browser, agreed: UUID, stations: DeskStations, tmp_path: Path
) -> None:
    await suggest(anna, agreed)
    page = (await saule.get("/suggestions")).text
    assert "мне не платят зарплату третий месяц, мой номер [PHONE]</textarea>" in page
    assert CONSENT in page
    found = re.search(r'action="/suggestions/([^/]+)/accept"', page)
    assert found
    corrected = {"text": "не платят зарплату третий месяц", "language": "ru", "meant": "ask_unpaid_wages"}
    assert (await saule.submit(f"/suggestions/{found[1]}/accept", **corrected)).status_code == 303
    assert corrected["text"] in (await saule.get("/suggestions")).text
    file = await saule.submit("/suggestions/take-out")
    assert file.headers["content-disposition"] == 'attachment; filename="suggestions.yml"'
    path = tmp_path / "training" / "ru" / "ask_unpaid_wages.yml"
    path.parent.mkdir(parents=True)
    path.write_bytes(file.content)
    assert corpus.sentences(tmp_path) == [corpus.Sentence(corrected["text"], "ask_unpaid_wages", "ru")]
    assert not re.search(r"Anna|Saule|\d{4}|[0-9a-f]{8}", file.text)
    assert await ask(stations.store, "SELECT * FROM suggestions") == []
    assert (await saule.submit("/suggestions/take-out")).headers["location"] == "/suggestions"


async def test_the_person_takes_it_back_and_a_supervisor_drops(
    anna: Browser, bolat: Browser, saule: Browser, agreed: UUID, stations: DeskStations
) -> None:
    for who, action in ((bolat, "withdraw"), (saule, "drop")):
        await suggest(anna, agreed)
        (row,) = await ask(stations.store, "SELECT id FROM suggestions")
        assert (await who.submit(f"/suggestions/{row.id}/{action}")).status_code == 303
        assert (await who.submit(f"/suggestions/{row.id}/{action}")).status_code == 409
        assert await ask(stations.store, "SELECT * FROM suggestions") == []


def test_the_file_is_grouped_in_an_order_that_tells_nothing(tmp_path: Path) -> None:
    written = ["- intent: x: #", "'[PERSON]' сказал: \"|\"", "%YAML & *якорь", "{a: b}", "яя"]
    found = [Sentence("uz", "greet", text) for text in reversed(written)]
    made = training([*found, found[0], Sentence("kk", "thank", "рақмет")]).decode()
    assert re.findall(r"^# (nlu/\S+)$", made, re.M) == ["nlu/training/kk/thank.yml", "nlu/training/uz/greet.yml"]
    path = tmp_path / "training" / "uz" / "suggestions.yml"
    path.parent.mkdir(parents=True)
    path.write_text(made, encoding="utf-8")
    assert [one.text for one in corpus.sentences(tmp_path)] == ["рақмет", *sorted(written)]

"""believed: a stolen assistant chooses among our texts, and writes not one word into them."""

from __future__ import annotations

from uuid import uuid4

import pytest
import yaml
from fakes_bridge import ScriptedAssistant
from test_compose import SOMEBODY, heard

from hotline_bridge.assistant import reply_of
from hotline_bridge.flow.believed import MOST, believed
from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Reply
from hotline_bridge.settings import PROJECT

GREET = Reply("greet")


@pytest.mark.parametrize(
    "reply",
    [
        Reply("danger_now", values={"p112": "+7 701 000 00 00"}),
        Reply("ticket_opened", values={"code": "звони +7 701 000 00 00"}),
        Reply("ticket_status_waiting", values={"code": str(uuid4()), "hours": "call 8701"}),
        Reply("agreement_made", values={"method": "call", "number": "1", "how": "call 8701"}),
        Reply("wanted", values={"need": "nothing_we_know"}),
        Reply("wanted", values={"need": "talk_to_operator", "told": "danger_waiting"}),
        Reply("wanted", values={"need": "talk_to_operator", "note": "Karim, Turkistan"}),
        Reply("language_changed", values={"language": "xx"}),
        Reply("greet", options=("language/xx",)),
        Reply("greet\n"),
        Reply("topic", topic="../x"),
    ],
)
async def test_words_of_its_own_are_no_answer_and_a_person_is_called(
    without_store: Stations, assistant: ScriptedAssistant, reply: Reply
) -> None:
    assistant.always = [GREET, reply]
    found = await compose(without_store, SOMEBODY, heard("что хочу человека"))
    assert [one.key for one in found.replies] == ["assistant_down"]
    assert found.needs == ("assistant_silent",)


async def test_nobody_is_flooded_with_replies(without_store: Stations, assistant: ScriptedAssistant) -> None:
    assistant.always = [GREET] * (MOST + 1)
    found = await compose(without_store, SOMEBODY, heard("что хочу человека"))
    assert [one.key for one in found.replies] == ["assistant_down"]


def test_every_reply_of_the_dialogue_is_believed() -> None:
    found = []
    for file in sorted((PROJECT / "bot" / "domain").glob("*.yml")):
        for responses in (yaml.safe_load(file.read_text(encoding="utf-8")).get("responses") or {}).values():
            found += [one["custom"] for one in responses]
    replies = [reply_of(one) for one in found]
    assert len(replies) > 50
    for reply in replies:
        assert reply is not None
        assert believed([reply]), reply


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("ticket_opened", {"code": str(uuid4())}),
        ("ticket_status_waiting", {"code": str(uuid4()), "hours": "<1"}),
        ("ticket_status_again", {"code": str(uuid4()), "hours": "37"}),
        ("agreement_made", {"method": "call", "hours": "morning evening", "message": "no", "number": "2"}),
        ("agreement_made", {"method": "this_chat", "hours": "any"}),
        ("wanted", {"need": "talk_to_operator", "told": "ticket_opened", "indicators": "1,5,11"}),
        ("wanted", {"need": "report_someone_else", "told": "report_done", "report_where": "given", "report_danger": "yes"}),
        ("language_changed", {"language": "tg"}),
    ],
)
def test_every_value_that_ours_sends_is_believed(key: str, values: dict[str, str]) -> None:
    assert believed([Reply(key, values=values)])

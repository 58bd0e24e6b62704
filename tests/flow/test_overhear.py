"""overhear: in the silence nothing is said until the agreed number comes, and a person learns of everything."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from fakes_bridge import ScriptedAssistant, keys
from test_compose import SILENT, SOMEBODY, heard

from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Kind, Reply


@pytest.mark.parametrize("by_assistant", [True, False])
async def test_unsafe_to_talk_gives_a_two_digit_code_and_falls_silent(
    without_store: Stations, assistant: ScriptedAssistant, by_assistant: bool
) -> None:
    assistant.always = [Reply("unsafe_to_talk")]
    found = await compose(without_store, SOMEBODY, heard("он рядом что делать" if by_assistant else "не могу говорить"))
    code = found.conversation.return_code
    assert code is not None
    assert re.fullmatch(r"[1-9]\d", code)
    assert (found.conversation.silence, found.needs) == ("unsafe", ("unsafe_to_talk",))
    assert found.replies == (Reply("unsafe_to_talk", values={"code": code}),)


@pytest.mark.parametrize("code", ["42", " 42 ", "42.", "/42"])
async def test_the_agreed_number_ends_the_silence(without_store: Stations, code: str) -> None:
    found = await compose(without_store, SILENT, heard(code))
    assert (keys(found.replies), found.conversation.silence, found.conversation.return_code) == (["silence_over"], None, None)


async def test_start_ends_a_silence_whose_number_was_lost(without_store: Stations) -> None:
    silent = replace(SOMEBODY, silence="unsafe", return_code="47")
    assert (await compose(without_store, silent, heard("салам"))).replies == ()
    assert keys((await compose(without_store, silent, heard("старт"))).replies) == ["silence_over"]


@pytest.mark.parametrize(
    ("text", "kind", "need"),
    [
        ("кто это", Kind.TEXT, "unsafe_to_talk"),
        ("43", Kind.TEXT, "unsafe_to_talk"),
        ("оператор", Kind.TEXT, "unsafe_to_talk"),
        ("убивают", Kind.TEXT, "danger_now"),
        ("", Kind.PHOTO, "unsafe_to_talk"),
        ("operator", Kind.CHOICE, "unsafe_to_talk"),
        ("start", Kind.COMMAND, "unsafe_to_talk"),
    ],
)
async def test_until_then_nothing_is_said_whatever_comes_and_a_person_learns_of_it(
    without_store: Stations, assistant: ScriptedAssistant, text: str, kind: Kind, need: str
) -> None:
    found = await compose(without_store, SILENT, heard(text, kind))
    assert (found.replies, found.needs, found.conversation.silence) == ((), (need,), "unsafe")
    assert assistant.asked == []

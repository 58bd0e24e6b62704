"""confirm: words of danger in doubt are asked about, and a yes, however late, is danger."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes_bridge import ScriptedAssistant, keys
from test_compose import SOMEBODY, heard

from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Kind


async def test_a_doubtful_word_is_asked_about_once(without_store: Stations, assistant: ScriptedAssistant) -> None:
    found = await compose(without_store, SOMEBODY, heard("бьют"))
    assert (keys(found.replies), found.needs, found.conversation.confirming) == (["danger_confirm"], (), "danger_now")
    assert found.replies[0].options == ("yes/danger_now", "no/danger_now")
    assert assistant.asked == []


async def test_a_sign_of_distress_without_a_word_is_asked_about(without_store: Stations) -> None:
    assert keys((await compose(without_store, SOMEBODY, heard("🆘"))).replies) == ["danger_confirm"]


async def test_a_bare_cry_for_help_is_asked_about_and_given_the_number(without_store: Stations) -> None:
    for cry in ("помогите", "Помогите!!"):
        found = await compose(without_store, SOMEBODY, heard(cry))
        assert (keys(found.replies), found.conversation.confirming) == (["danger_confirm"], "danger_now")


@pytest.mark.parametrize(
    ("text", "kind", "replies", "needs"),
    [
        ("да", Kind.TEXT, ["danger_now"], ("danger_now",)),
        ("yes", Kind.CHOICE, ["danger_now"], ("danger_now",)),
        ("что с паспортом", Kind.TEXT, ["greet"], ()),
        ("оператор", Kind.TEXT, ["greet"], ()),
    ],
)
async def test_yes_no_or_anything_else_settles_the_question_about_danger(
    without_store: Stations, text: str, kind: Kind, replies: list[str], needs: tuple[str, ...]
) -> None:
    asked = replace(SOMEBODY, confirming="danger_now")
    found = await compose(without_store, asked, heard(text, kind))
    assert (keys(found.replies), found.needs, found.conversation.confirming) == (replies, needs, None)


@pytest.mark.parametrize(("text", "kind"), [("нет", Kind.TEXT), ("no/danger_now", Kind.CHOICE)])
async def test_a_no_to_the_question_about_danger_lets_a_form_go_on_and_needs_no_assistant(
    without_store: Stations, assistant: ScriptedAssistant, text: str, kind: Kind
) -> None:
    asked = replace(SOMEBODY, confirming="danger_now")
    await compose(without_store, asked, heard(text, kind))
    assert [one.text for one in assistant.asked] == ["/no_danger"]
    assistant.always = None
    found = await compose(without_store, asked, heard(text, kind))
    assert (keys(found.replies), found.needs, found.conversation.confirming) == (["danger_denied"], (), None)


async def test_a_late_yes_under_the_question_about_danger_is_still_one(
    without_store: Stations, assistant: ScriptedAssistant
) -> None:
    asked = (await compose(without_store, SOMEBODY, heard("бьют"))).conversation
    meanwhile = (await compose(without_store, asked, heard("что с паспортом"))).conversation
    found = await compose(without_store, meanwhile, heard("yes/danger_now", Kind.CHOICE))
    assert (keys(found.replies), found.needs) == (["danger_now"], ("danger_now",))

"""assist: ask the assistant, and what its replies mean for the conversation. With it silent a person is called instead.

Tickets for which it wants a human are opened here too, whether its action server has done it or not: one a need is made.
"""

from __future__ import annotations

from dataclasses import replace

from bot.reading.confidence import SAFETY
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import AssistantSilent
from hotline_bridge.flow import agree, listen, self_check
from hotline_bridge.flow.believed import believed
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.turn import CODE_OF, Answer, Heard, Wanted
from hotline_bridge.messages import LANGUAGES, Reply

START_WORD = "START"  # obeyed in every language (nlu/commands)
GIVE_UP_AFTER = 3  # attempts; then the message goes to a person instead of round again
INTENT_OF = {
    "operator": "talk_to_operator",
    "menu": "ask_help",
    "yes": "affirm",
    "no": "deny",
    "delete": "delete_my_data",
    "call_me": "request_callback",
    "check": "start_self_check",
    "agree": "start_agreement",
    "status": "ask_ticket_status",
    "no_danger": "no_danger",
    "help": "ask_help",
}
# For what a human is wanted when the assistant is silent, and what is said then.
_WITHOUT = {"operator": ("talk_to_operator", "ticket_opened"), "call_me": ("request_callback", "callback_opened")}


async def ask(stations: Stations, conversation: Conversation, heard: Heard, anonymised: str, order: str | None) -> Answer:
    """The assistant's answer to what was said, or to an order that is its business."""
    assert stations.assistant is not None
    said = _as_intent(order) or listen.clean(anonymised)
    try:
        if heard.attempts > GIVE_UP_AFTER:
            raise AssistantSilent("given up")
        asked = (conversation.id, heard.turn, said, conversation.voice, conversation.channel)
        replies = believed(await stations.assistant.ask(*asked))
    except AssistantSilent:
        return _without_assistant(conversation, heard, order)
    return _with_signs(_carry_out(stations, conversation, heard, replies), conversation)


def _with_signs(answer: Answer, conversation: Conversation) -> Answer:
    """Who asks for a person right after a self-check by SMS has its signs passed on."""
    signs = self_check.signs_of(conversation)
    if signs is None:
        return answer
    told = [replace(w, facts={**w.facts, "indicators": signs}) if w.need == "talk_to_operator" else w for w in answer.wanted]
    return replace(answer, wanted=tuple(told))


def _as_intent(order: str | None) -> str | None:
    """What a choice is for Rasa. Only the bridge may speak so: what a person writes never begins with a slash."""
    if order is None:
        return None
    name, _, rest = order.partition("/")
    if name == "pick":
        # Our own choices only: they are lower-case letters, underscores and spaces, so nothing can end the value.
        return f'/pick{{"choice": "{rest}"}}' if rest.replace("_", "").replace(" ", "").isalpha() else "/pick"
    intent = rest if name == "topic" else INTENT_OF.get(name)
    return f"/{intent}" if intent else None


def _without_assistant(conversation: Conversation, heard: Heard, order: str | None) -> Answer:
    """Rasa or the action server is down. A chosen topic needs neither; everything else goes to a person."""
    if order and order.startswith("topic/"):
        return Answer(conversation, (Reply("topic", topic=order.removeprefix("topic/")),))
    if order == "no_danger":
        return Answer(conversation, (Reply("danger_denied"),))
    if order == "status" and heard.code is not None:
        return Answer(conversation, (Reply("ticket_already", values={"code": heard.code.written.code}),))
    name = (order or "").partition("/")[0]
    if name in _WITHOUT:
        need, told = _WITHOUT[name]
        asked = Answer(conversation, (Reply(told, values={"code": CODE_OF + need}),), wanted=(Wanted(need),))
        return _with_signs(asked, conversation)
    reply = Reply("assistant_down", values={"code": CODE_OF + "assistant_silent"})
    return Answer(conversation, (reply,), ("assistant_silent",))


def _carry_out(stations: Stations, conversation: Conversation, heard: Heard, replies: list[Reply]) -> Answer:
    """The assistant's replies, with what they mean for the conversation."""
    answer = Answer(conversation)
    replies, wanted = _wanted(replies)
    if wanted and (heard.agreement is not None or any(reply.key == "ticket_already" for reply in replies)):
        kept = [reply for reply in replies if reply.key != "agree_how"]
        answer = replace(answer, reset=len(kept) < len(replies))  # how to be reached is agreed, or was asked before
        replies = kept
    for reply in replies:
        answer = _carry_out_one(stations, answer, reply)
    return replace(answer, wanted=wanted)


def _wanted(replies: list[Reply]) -> tuple[list[Reply], tuple[Wanted, ...]]:
    """For what a human is wanted; where no action has said so to the person, the reply that does."""
    told = any(len(reply.values.get("code", "")) == 36 for reply in replies)
    left, wanted = [], []
    for reply in replies:
        if reply.key != "wanted":
            left.append(reply)
            continue
        facts = dict(reply.values)
        need, says = facts.pop("need"), facts.pop("told", None)
        wanted.append(Wanted(need, facts))
        if says and not told:
            left.append(Reply(says, values={"code": CODE_OF + need}))
    return left, tuple(wanted)


def _carry_out_one(stations: Stations, answer: Answer, reply: Reply) -> Answer:
    assert stations.reading is not None
    conversation = answer.conversation
    if reply.key == "unsafe_to_talk":
        return fall_silent(conversation)
    if reply.key == "delete_now":
        return replace(answer, replies=(Reply("delete_done"),), forget=True, clear=conversation.channel.can_clear)
    if reply.key == "agreement_made":
        agreement, said = agree.made(stations.reading, conversation, reply.values)
        return replace(answer, replies=(*answer.replies, *said), agreement=agreement)
    if reply.key == "stop_messages":
        conversation = replace(conversation, silence="stopped")
        reply = replace(reply, values={"start": START_WORD})
    if reply.key == "language_changed" and reply.values.get("language") in LANGUAGES:
        conversation = listen.with_language(conversation, reply.values["language"])
    if reply.key == "fallback_offer":
        reply = replace(reply, options=(*(o for o in reply.options if o != "operator"), "operator"))
    if reply.key == "agree_number" and not conversation.channel.is_sms:
        reply = replace(reply, options=("pick/skip",))  # a chat has no number of its own
    if reply.key == "danger_confirm":
        # Safety: its yes is settled here, should the assistant be gone by then (tests/flow/test_assist.py).
        conversation = replace(conversation, confirming="danger_now")
        reply = replace(reply, options=("yes/danger_now", "no/danger_now"))
    needs = (*answer.needs, reply.key) if reply.key in SAFETY else answer.needs
    return replace(answer, conversation=conversation, replies=(*answer.replies, reply), needs=needs)


def fall_silent(conversation: Conversation) -> Answer:
    """Somebody is watching: one harmless line, and nothing more until its number is written."""
    code = listen.two_digits()
    silent = replace(conversation, silence="unsafe", return_code=code, offered=(), confirming=None)
    return Answer(silent, (Reply("unsafe_to_talk", values={"code": code}),), ("unsafe_to_talk",), reset=True)

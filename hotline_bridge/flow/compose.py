"""What to answer to one message. Asks the assistant where the bridge cannot decide alone; writes nothing.

Order: the agreed sign of alarm, silence, whether it is safe now, danger, orders and choices, the number of a request, then the
assistant. Danger needs neither Rasa nor the action server (tests/journeys/test_safety.py).
"""

from __future__ import annotations

from dataclasses import replace

from bot.reading.danger import Danger
from hotline_bridge.anonymiser.anonymiser import Anonymised
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow import agree, assist, confirm, cries, listen, overhear, self_check
from hotline_bridge.flow.obey import obey, order_in
from hotline_bridge.flow.stations import Reading, Stations
from hotline_bridge.flow.turn import CODE_OF, Answer, Heard, Wanted
from hotline_bridge.messages import Kind, Reply

OBEYED_IN_A_CROWD = frozenset({"cry", "operator", "call_me", "stop", "clear", "delete", "yes", "no", "start", "language"})


async def compose(stations: Stations, conversation: Conversation, heard: Heard) -> Answer:
    """The answer to `heard`. Never raises for anything a person can write or the assistant can fail at."""
    assert stations.reading is not None
    text = listen.clean(heard.text) if heard.kind in (Kind.TEXT, Kind.CHOICE, Kind.COMMAND) else ""
    anonymised = _anonymised(stations, heard, text)
    if heard.kind is Kind.TEXT and text:
        conversation = _hear_region(_hear_voice(stations.reading, conversation, text), anonymised.regions)
    danger = cries.danger_in(stations.reading, text) if heard.kind is Kind.TEXT else None
    answer = await _answer(stations, conversation, heard, text, anonymised.text, danger)
    known = heard.code is not None and heard.code.state == "known" and answer.conversation.silence != "unsafe"
    return replace(
        answer,
        new=anonymised.new,
        said=anonymised.text,
        danger=danger is not None,
        private=any(reply.key.startswith("check_") for reply in answer.replies),
        resumes=heard.code if known else None,
    )


async def _answer(
    stations: Stations, conversation: Conversation, heard: Heard, text: str, anonymised: str, danger: Danger | None
) -> Answer:
    assert stations.reading is not None
    reading = stations.reading
    if cries.is_alarm(heard, text):
        return cries.alarmed(conversation, danger)
    if conversation.silence == "unsafe":
        return overhear.in_silence(reading, conversation, heard, text, danger)
    conversation = replace(conversation, silence=None)  # writing again is coming back
    order = order_in(reading, conversation, heard.kind, text)
    contact = overhear.whether_safe(reading, conversation, heard, order, text, danger)
    if contact and danger is None:
        return Answer(conversation, contact=contact)
    if conversation.operator_id is not None:
        return replace(overhear.overheard(conversation, order, danger), contact=contact)
    if overhear.awaits_yes(conversation, heard, order, danger):
        wanted = (Wanted("talk_to_operator"),) if order == "operator" else ()
        found = overhear.overheard(conversation, order, None)
        return replace(found, wanted=wanted, for_a_human=not found.replies)
    if heard.crowded and danger is None and not _is_heard_in_a_crowd(conversation, order):
        return _passed_over(conversation, heard)
    if heard.kind in listen.MEDIA:
        return Answer(conversation, (Reply(listen.MEDIA[heard.kind]),))
    if danger and danger.certainty == "certain":
        return replace(confirm.safety(conversation, danger.intent, danger.language), contact=contact)
    return await _calmly(stations, conversation, heard, text, anonymised, danger, order)


def _is_heard_in_a_crowd(conversation: Conversation, order: str | None) -> bool:
    """What is obeyed however many messages came: whoever wants a person, silence, their screen cleared, their data deleted."""
    return conversation.confirming is not None or (order or "").partition("/")[0] in OBEYED_IN_A_CROWD


def _passed_over(conversation: Conversation, heard: Heard) -> Answer:
    """One of very many messages: that is said once, and an operator is to read them all (crowding.py).

    Safety: the lists do not know every cry, and the assistant is not asked (tests/flow/test_crowding.py).
    """
    return Answer(conversation, (Reply("crowded"),) if heard.crowded == "tell" else (), wanted=(Wanted("assistant_silent"),))


async def _calmly(
    stations: Stations,
    conversation: Conversation,
    heard: Heard,
    text: str,
    anonymised: str,
    danger: Danger | None,
    order: str | None,
) -> Answer:
    """What to answer where no danger is certain."""
    assert stations.reading is not None
    asked, conversation = conversation.confirming, replace(conversation, confirming=None)
    settled = confirm.settled(conversation, order or "", asked)
    if isinstance(settled, Answer):
        return settled
    order = settled or order
    if listed := self_check.answer(conversation, order, text):
        return listed
    if self_check.asks_one_by_one(conversation, order):
        order = "check"
    if order == "cry":
        order = None  # it is danger to be asked about, like any other
    if order and (done := obey(conversation, order) or agree.changed_words(stations.reading, conversation, heard, order)):
        return done
    if danger and not order:
        return confirm.ask(conversation, danger)
    if heard.code is not None and heard.code.written.alone and not order and not agree.asks_for_number(conversation):
        return await _numbered(stations, conversation, heard, anonymised)
    if not order and not listen.has_words(text):
        return Answer(conversation, (Reply("empty", options=("menu", "operator")),))
    answer = await assist.ask(stations, conversation, heard, anonymised, order)
    if heard.kind is Kind.TEXT and len(heard.text) > listen.READ_LETTERS and answer.replies:
        answer = replace(answer, replies=(Reply("too_long"), *answer.replies))
    return answer


async def _numbered(stations: Stations, conversation: Conversation, heard: Heard, anonymised: str) -> Answer:
    """The number of a request, and nothing else, was written. Whether one that is not open ever was is not told."""
    assert heard.code is not None
    if heard.code.state == "own":
        return await assist.ask(stations, conversation, heard, anonymised, "status")
    if heard.code.state == "known":
        return Answer(conversation, (Reply("code_known", values={"code": CODE_OF + heard.code.need}),))
    if heard.code.state == "too_many":
        return Answer(conversation, (Reply("code_too_many"),))
    return Answer(conversation, (Reply("code_unknown"),))


def _anonymised(stations: Stations, heard: Heard, text: str) -> Anonymised:
    """What others than the bridge may see of a message. A choice or command is the bridge's own word."""
    assert stations.anonymiser is not None
    if heard.kind is not Kind.TEXT:
        return Anonymised(text, ())
    return stations.anonymiser.anonymise(text[: listen.READ_LETTERS], heard.key, heard.known)


def _hear_region(conversation: Conversation, named: tuple[str, ...]) -> Conversation:
    """With the region or large city that the message names. Of several none is taken: which one they are in is not known."""
    return replace(conversation, region=named[0]) if len(named) == 1 else conversation


def _hear_voice(reading: Reading, conversation: Conversation, text: str) -> Conversation:
    if reading.commands.match(text) not in (None, "cry") or len(text) < 2:
        return conversation
    return listen.voice_after(conversation, reading.language.read(text[: listen.READ_LETTERS]))

"""What to answer to one message. Asks the assistant where the bridge cannot decide alone; writes nothing.

Order: the agreed sign of alarm, silence, whether it is safe now, danger, orders and choices, the number of a request, then the
assistant. Danger needs neither Rasa nor the action server (tests/journeys/test_safety.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bot.reading.agreed_words import is_all
from bot.reading.confidence import SAFETY
from bot.reading.danger import Danger
from hotline_bridge.anonymiser.anonymiser import Anonymised
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow import agree, assist, cries, listen, self_check
from hotline_bridge.flow.assist import START_WORD, fall_silent
from hotline_bridge.flow.stations import Reading, Stations
from hotline_bridge.flow.turn import CODE_OF, Answer, Heard, Wanted
from hotline_bridge.messages import LANGUAGES, Kind, Reply

OBEYED_IN_A_CROWD = frozenset({"cry", "operator", "call_me", "stop", "clear", "delete", "yes", "no", "start", "language"})
DELETING = "delete_my_data"  # what Conversation.confirming holds when "delete?" was asked while an operator was there


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
        return _in_silence(reading, conversation, heard, text, danger)
    conversation = replace(conversation, silence=None)  # writing again is coming back
    order = _order(reading, conversation, heard.kind, text)
    contact = _contact(reading, conversation, heard, order, text, danger)
    if contact and danger is None:
        return Answer(conversation, contact=contact)
    if conversation.operator_id is not None:
        return replace(overheard(conversation, order, danger), contact=contact)
    if _awaits_yes(conversation, heard, order, danger):
        wanted = (Wanted("talk_to_operator"),) if order == "operator" else ()
        found = overheard(conversation, order, None)
        return replace(found, wanted=wanted, for_a_human=not found.replies)
    if heard.crowded and danger is None and not _is_heard_in_a_crowd(conversation, order):
        return _passed_over(conversation, heard)
    if heard.kind in listen.MEDIA:
        return Answer(conversation, (Reply(listen.MEDIA[heard.kind]),))
    if danger and danger.certainty == "certain":
        return replace(_safety(conversation, danger.intent, danger.language), contact=contact)
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
    settled = _settled(conversation, order or "", asked)
    if isinstance(settled, Answer):
        return settled
    order = settled or order
    if listed := self_check.answer(conversation, order, text):
        return listed
    if self_check.asks_one_by_one(conversation, order):
        order = "check"
    if order == "cry":
        order = None  # it is danger to be asked about, like any other
    if order and (done := _obey(conversation, order) or agree.changed_words(stations.reading, conversation, heard, order)):
        return done
    if danger and not order:
        return _confirm(conversation, danger)
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


def _awaits_yes(conversation: Conversation, heard: Heard, order: str | None, danger: Danger | None) -> bool:
    """Whether "is it safe now?" has no yes yet: then only a cry for help gets a word, and the yes to "are you in danger?".

    Safety: whoever writes may be somebody else with the phone in the hand, operator or not (tests/flow/test_contact.py).
    """
    return heard.is_asked and danger is None and cries.confirmed(order, conversation.confirming) is None


def _contact(
    reading: Reading, conversation: Conversation, heard: Heard, order: str | None, text: str, danger: Danger | None
) -> Literal["yes", "no"] | None:
    """The answer to "is it safe now?" while a reply is held for it. Anything but a clear yes or no is none.

    Who cries for help holds the phone: their reply is not held back. A yes to another question, asked since, lets nothing out.
    """
    if not heard.is_asked or (conversation.confirming and order in ("yes", "no")):
        return None
    assert heard.agreement is not None
    if danger is not None:
        return "yes" if danger.certainty == "certain" and danger.intent != "unsafe_to_talk" else None
    words = heard.agreement.words
    if order == "yes" or (words and heard.kind is Kind.TEXT and is_all(words[0], text)):
        return "yes"
    safe = False if order == "no" else reading.answers.is_safe(text) if heard.kind is Kind.TEXT else None
    return None if safe is None else "yes" if safe else "no"


def _anonymised(stations: Stations, heard: Heard, text: str) -> Anonymised:
    """What others than the bridge may see of a message. A choice or command is the bridge's own word."""
    assert stations.anonymiser is not None
    if heard.kind is not Kind.TEXT:
        return Anonymised(text, ())
    return stations.anonymiser.anonymise(text[: listen.READ_LETTERS], heard.key, heard.known)


def _hear_region(conversation: Conversation, named: tuple[str, ...]) -> Conversation:
    """With the region or large city that the message names. Of several none is taken: which one they are in is not known."""
    return replace(conversation, region=named[0]) if len(named) == 1 else conversation


def overheard(conversation: Conversation, order: str | None, danger: Danger | None) -> Answer:
    """An operator talks with the person: the bot is silent, but danger is flagged and the person's own orders are obeyed.

    Safety: so is the yes to "are you in danger?", asked before the operator came (tests/flow/test_cries.py).
    """
    asked, confirmed = conversation.confirming, cries.confirmed(order, conversation.confirming)
    if confirmed == "unsafe_to_talk" or (danger and (danger.intent, danger.certainty) == ("unsafe_to_talk", "certain")):
        return fall_silent(conversation)
    conversation = cries.asked_no_more(conversation)
    if asked == DELETING and order == "yes":
        return _deleted(conversation)
    if order == "delete":
        return Answer(replace(conversation, confirming=DELETING), (Reply("delete_ask"),))
    if order in ("stop", "clear") and (done := _obey(conversation, order)):
        return done
    found = (confirmed, danger.intent if danger else None)
    return Answer(conversation, needs=tuple(dict.fromkeys(intent for intent in found if intent)))


def _settled(conversation: Conversation, order: str, asked: str | None) -> Answer | str | None:
    """A yes or no to the question about danger. Its buttons name what was asked, so that a late yes is still one.

    A no goes on to the assistant, where a form may wait for it.
    """
    said, _, about = order.partition("/")
    intent = about if about in SAFETY else asked
    if intent is None or said not in ("yes", "no"):
        return None
    if intent == DELETING:  # asked while an operator was there, who has gone since
        return _deleted(conversation) if said == "yes" else None
    return _safety(conversation, intent) if said == "yes" else "no_danger"


def _deleted(conversation: Conversation) -> Answer:
    return Answer(conversation, (Reply("delete_done"),), forget=True, clear=conversation.channel.can_clear)


def _hear_voice(reading: Reading, conversation: Conversation, text: str) -> Conversation:
    if reading.commands.match(text) not in (None, "cry") or len(text) < 2:
        return conversation
    return listen.voice_after(conversation, reading.language.read(text[: listen.READ_LETTERS]))


def _in_silence(reading: Reading, conversation: Conversation, heard: Heard, text: str, danger: Danger | None) -> Answer:
    """Somebody may be watching the phone: nothing is said until the agreed number or word comes, or START from who lost it.

    Danger still reaches a person.
    """
    known = heard.kind is Kind.TEXT and any(is_all(word, text) for word, _ in heard.words)
    started = heard.kind is Kind.TEXT and reading.commands.match(text) == "start"
    if started or known or text.rstrip(" .,!)") == conversation.return_code:
        back = replace(conversation, silence=None, return_code=None)
        return Answer(back, (Reply("silence_over"),))
    pressed = cries.confirmed(text if heard.kind is Kind.CHOICE else None, None)
    need = pressed or (danger.intent if danger else "unsafe_to_talk")
    return Answer(conversation, needs=(need,))


def _safety(conversation: Conversation, intent: str, language: str | None = None) -> Answer:
    """The fixed safety reply and a ticket, at once. Safety: tests/journeys/test_safety.py."""
    if conversation.language is None and language in LANGUAGES:
        conversation = replace(conversation, language=language)
    conversation = replace(conversation, confirming=None)
    if intent == "unsafe_to_talk":
        return fall_silent(conversation)
    return Answer(conversation, (Reply(intent),), (intent,), reset=True)


def _confirm(conversation: Conversation, danger: Danger) -> Answer:
    if conversation.language is None and danger.language in LANGUAGES:
        conversation = replace(conversation, language=danger.language)
    asked = replace(conversation, confirming=danger.intent)
    return Answer(asked, (Reply("danger_confirm", options=(f"yes/{danger.intent}", f"no/{danger.intent}")),))


def _order(reading: Reading, conversation: Conversation, kind: Kind, text: str) -> str | None:
    """A pressed button, a number from a list, or words that are an order; None for everything else."""
    if kind is Kind.CHOICE:
        return text or None
    if kind is Kind.COMMAND:
        return listen.COMMAND_NAMES.get(text)
    return listen.chosen(conversation, text) or agree.picked(conversation, reading.answers, text) or reading.commands.match(text)


def _obey(conversation: Conversation, order: str) -> Answer | None:
    """What the bridge does itself. None: the assistant is to be asked."""
    name, _, rest = order.partition("/")
    if name == "language" and rest in LANGUAGES:
        new = conversation.language is None
        chosen = listen.with_language(conversation, rest)
        return Answer(chosen, (Reply("greet" if new else "language_changed"),))
    if name == "language" or (name == "start" and conversation.language is None):
        return Answer(conversation, (Reply("choose_language", values={"all": "yes"}),))
    if name == "start":
        return Answer(conversation, (Reply("greet"),), reset=True)
    if name == "stop":
        stopped = replace(conversation, silence="stopped")
        return Answer(stopped, (Reply("stop_messages", values={"start": START_WORD}),), reset=True)
    if name == "clear":
        possible = conversation.channel.can_clear
        return Answer(conversation, (Reply("chat_cleared" if possible else "clear_sms"),), clear=possible)
    if name == "more" and conversation.topic:
        return Answer(conversation, (Reply("topic", topic=conversation.topic, page=conversation.page + 1),))
    if name == "source" and (topic := rest or conversation.topic):
        page = conversation.page if topic == conversation.topic else 0  # "more" goes on from there
        return Answer(conversation, (Reply("source", topic=topic, options=("operator", "menu"), page=page),))
    return None

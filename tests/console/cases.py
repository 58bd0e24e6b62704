"""Conversations for tests of pages, made without the journey of a message: what matters here is how they show."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

from counted import tally, ticket
from sqlalchemy import update

from hotline_bridge import conversations, safe_contact, suggestions, tickets, transcript
from hotline_bridge.figures import measures
from hotline_bridge.flow import decide, operate
from hotline_bridge.flow.publish import SETTLED, publish
from hotline_bridge.flow.stations import DeskStations, today
from hotline_bridge.messages import Channel
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.shifts import roster
from hotline_bridge.shifts.plan import Shift
from hotline_bridge.store import signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.tables import conversations as table
from hotline_bridge.suggestions import Suggestion


async def add_case(
    stations: DeskStations, need: str = "talk_to_operator", *, language: str = "tg", channel: Channel = Channel.TELEGRAM
) -> UUID:
    """Somebody who waits, with one line."""
    conversation = uuid4()
    async with transaction(stations.store.engine) as connection:
        await conversations.touch(connection, conversation, channel)
        known = {"language": language, "region": "R-ALM", "topics": ["ask_unpaid_wages", "ask_documents_taken"]}
        await connection.execute(update(table).where(table.c.id == conversation).values(**known))
        await tickets.open_once(connection, conversation=conversation, turn=None, need=need)
    await add_line(stations, conversation, "музди маоши маро намедиҳанд, рақамам [PHONE_1]")
    return conversation


async def add_line(
    stations: DeskStations, conversation: UUID, text: str, *, speaker: str = "person", key: str | None = None
) -> None:
    """One line more, as the worker writes it down."""
    async with transaction(stations.store.engine) as connection:
        own = await stations.desk.find_or_make(connection, conversation)
        await transcript.add(connection, conversation, own, speaker=speaker, kind="text", text=text, key=key)
        await signals.send(connection, "said", conversation)


async def add_full_case(stations: DeskStations, account: UUID, hours: tuple[str, ...] = tuple(safe_contact.PARTS)) -> UUID:
    """Somebody in danger whom `account` has, with everything that a page can show. hours: when they may be written to."""
    conversation = await add_case(stations, "danger_now")
    async with transaction(stations.store.engine) as connection:
        own = await stations.desk.find_or_make(connection, conversation)
        facts = {"indicators": "7 8", "report_danger": "yes"}
        await tickets.open_once(connection, conversation=conversation, turn=None, need="request_callback", facts=facts)
        await transcript.add(connection, conversation, own, speaker="person", kind="text", text="маро мезананд", danger=True)
        said = "Агар тавонед, ҳозир ба 112 занг занед, бепул аст."
        await transcript.add(connection, conversation, own, speaker="bot", key="reply/danger_now", text=said)
        await safe_contact.save(connection, conversation, Agreement("this_chat", hours, True, None, ("тарбуз", "харбуза")), own)
    await operate.claim(stations, account, conversation)
    await operate.note(stations, account, conversation, "шаб менависад")
    await decide.identified(stations, account, conversation, today(stations) - timedelta(days=25))
    return conversation


def hours_that_are_far() -> tuple[str, ...]:
    """The part of the day that begins after the next one: whenever the tests run, it is not now and not soon."""
    parts = list(safe_contact.PARTS)
    return (parts[(parts.index(safe_contact.part_of_day(datetime.now(UTC))) + 2) % len(parts)],)


async def add_suggestions(stations: DeskStations, account: UUID, conversation: UUID) -> UUID:
    """Two of its lines were suggested for teaching, one accepted; the id of a third."""
    for text in ("корро дода намешавад, чӣ кор кунам", "ҳа, нишон диҳед"):
        await add_line(stations, conversation, text)
    async with transaction(stations.store.engine) as connection:
        own = await stations.desk.key(connection, conversation)
        said = [one for one in await transcript.read(connection, conversation, own) if one.speaker == "person"]
        for line, state in zip(said, ("offered", "accepted"), strict=False):
            id, text = uuid4(), line.text.replace("_1", "")
            sealed = own.seal(f"suggestion:{id}", text), own.seal(f"consent:{id}", "ҳа, нишон диҳед")
            day = today(stations)
            one = Suggestion(id, conversation, line.id, "tg", "ask_cost", "ask_unpaid_wages", state, account, day, *sealed)
            await suggestions.add(connection, one)
    return said[2].id


async def add_shift(stations: DeskStations, account: UUID) -> UUID:
    """`account` is there every night from Monday to Tuesday."""
    shift = Shift(uuid4(), account, time(20), time(8), weekday=0)
    async with transaction(stations.store.engine) as connection:
        await roster.add(connection, [shift])
    return shift.id


async def add_months(stations: DeskStations) -> tuple[str, str]:
    """Published figures of the last two months that are over for longer than SETTLED, as their periods are written."""
    last = (today(stations) - 2 * SETTLED).replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    for day, more in ((before, 30), (last, 80)):
        for language, region, times in (("uz", "R-ALM", more), ("ru", "C-ALM", 40), ("tg", "R-ALM", 12)):
            await tally(stations, day, times, language=language, region=region)
            await tally(stations, day, times // 2, "topic", key="ask_unpaid_wages", language=language, region=region)
        at = datetime.combine(day, time(6), UTC)
        for minute in range(1, 13):
            for need in ("talk_to_operator", "danger_now", "request_callback"):
                await ticket(stations, at, need=need, taken_at=at + timedelta(minutes=minute))
    await publish(stations, measures.parts(list(Channel), ["ask_unpaid_wages", "ask_shelter"], ["R-ALM", "C-ALM"]))
    return f"{before:%Y-%m}", f"{last:%Y-%m}"

"""Whether Komek becomes slower as its store fills: 10 conversations against 10,000."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.figures import Figure, Goal
from bench.growth import Talk, compared
from bench.installation import Served, running
from bench.people import BySms
from bench.questions import LANGUAGES, about_rights, of_person
from hotline_bridge import conversations, inbox, outbox, pace
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.messages import Channel, Kind, Message
from hotline_bridge.store import engine
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.tables import memory
from hotline_bridge.vault import marks
from hotline_bridge.vault.identities import Vault

FEW, MANY = 10, 10_000
AT_ONCE = 100  # conversations in one transaction
ANSWER = "Your employer must pay what you earned. " * 10  # as long as a real answer
WARM_UP = 10


def compare(rounds: int) -> list[Figure]:
    """Two installations side by side, asked the same by turns, so that what else the machine does hits both alike."""
    with running(_filled(FEW)) as small, running(_filled(MANY)) as large:
        talks = Talk(small), Talk(large)
        ids: list[tuple[str, str]] = []
        for n in range(WARM_UP + rounds):
            person, said = n % FEW, about_rights(LANGUAGES[n % FEW % len(LANGUAGES)])[n // FEW]
            ids.append((talks[0].say(person, said), talks[1].say(person, said)))
        few, many = (talk.seconds([pair[n] for pair in ids[WARM_UP:]]) for n, talk in enumerate(talks))
        for talk in talks:
            talk.close()
    return compared("stored", (f"{FEW} stored", few), (f"{MANY:,} stored", many), Goal("<=", 1.2))


def _filled(number: int) -> Callable[[Served], None]:
    return lambda system: asyncio.run(_fill(system, number))


async def _fill(system: Served, number: int) -> None:
    """Conversations with a message and its answer each, all through the functions that the journey uses."""
    made = engine.create(system.url, size=1)
    vault = system.vault()
    await unlock(made, vault)
    for start in range(0, number, AT_ONCE):
        async with transaction(made) as connection:
            for person in range(start, min(number, start + AT_ONCE)):
                await _one(connection, vault, person)
    async with transaction(made) as connection:
        await connection.execute(text("ANALYZE"))  # as autovacuum does while a store fills slowly
    await made.dispose()


async def _one(connection: AsyncConnection, vault: Vault, person: int) -> None:
    letter, turn = BySms()(person, of_person(person, 0)), uuid4()
    known = await vault.find_or_make(connection, Channel.KANNEL, letter.address)
    await conversations.touch(connection, known.conversation, Channel.KANNEL)
    await inbox.add(
        connection,
        turn=turn,
        conversation=known.conversation,
        channel=Channel.KANNEL,
        kind=Kind.TEXT,
        dedup=marks.of_arrival(vault.root, Channel.KANNEL, f"stored-{person}"),
        sealed_text=known.key.seal(f"inbox:{turn}", letter.body),
        sealed_reference=None,
    )
    await inbox.finish(connection, turn, "answered")
    sent = await outbox.add(
        connection, conversation=known.conversation, channel=Channel.KANNEL, message=Message(ANSWER), key=known.key, turn=turn
    )
    reference = marks.of_reference(vault.root, Channel.KANNEL, f"stored-{person}")
    sealed = known.key.seal(f"sent:{sent}", f"stored-{person}")
    await outbox.took(connection, sent, reference_hash=reference, sealed_reference=sealed, final=True)
    await pace.reserve(connection, str(known.conversation), 1000.0)
    state: dict[str, object] = {"slots": {}, "loop": None}
    await connection.execute(insert(memory).values(conversation=known.conversation, turn=str(turn), state=state, previous=state))

"""The trail in the database: only added to, in one chain however many write at once, and every tampering is found."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes_bridge import ask
from sqlalchemy.exc import DBAPIError

from hotline_bridge import audit
from hotline_bridge.audit import Verdict, Wanted
from hotline_bridge.flow.stations import Store
from hotline_bridge.store.engine import transaction
from hotline_bridge.vault.master import MasterKey

SECRET, OTHER = MasterKey(b"d" * 32), MasterKey(b"o" * 32)
ANNA, BOLAT = uuid4(), uuid4()


async def note(
    store: Store, action: str = "claimed", actor: UUID | None = ANNA, subject: UUID | None = None, **more: Any
) -> None:
    async with transaction(store.engine) as connection:
        await audit.note(connection, SECRET, actor, action, subject, **more)


async def verified(store: Store, secret: MasterKey = SECRET, seen: tuple[str, ...] = ()) -> Verdict:
    async with transaction(store.engine) as connection:
        return await audit.verify(connection, secret, seen=seen)


async def verdict(store: Store) -> tuple[str | None, int | None]:
    found = await verified(store)
    return found.fault, found.row


async def tamper(store: Store, statements: str) -> None:
    """What the database's owner can do: switch the triggers off, and write what they like."""
    for statement in ("DISABLE", *statements.split(";"), "ENABLE"):
        if statement in ("DISABLE", "ENABLE"):
            for table in ("audit", "audit_checkpoints"):
                await ask(store, f"ALTER TABLE {table} {statement} TRIGGER USER")
        else:
            await ask(store, statement)


@pytest.fixture
async def five(store: Store) -> Store:
    for outcome in ("informed", "referred", "lost", "test", "not_ours"):
        await note(store, "closed", subject=uuid4(), outcome=outcome)
    return store


async def test_what_was_noted_is_read_newest_first_and_holds(store: Store) -> None:
    conversation = uuid4()
    await note(store, "claimed", ANNA, conversation)
    await note(store, "handed_over", ANNA, conversation, to=BOLAT)
    async with transaction(store.engine) as connection:
        page = await audit.read(connection, Wanted())
    said = [(r.sequence, r.entry.actor, r.entry.action, r.entry.subject, r.entry.facts) for r in page.rows]
    assert said == [
        (2, ANNA, "handed_over", conversation, {"to": str(BOLAT)}),
        (1, ANNA, "claimed", conversation, {}),
    ]
    found = await verified(store)
    assert (found.fault, found.rows, found.last) == (None, 2, 2)


async def test_a_note_is_there_if_and_only_if_its_step_commits(store: Store) -> None:
    async with store.engine.connect() as connection:
        await audit.note(connection, SECRET, ANNA, "claimed")
        await connection.rollback()
    await note(store)
    found = await verified(store)
    assert (found.fault, found.rows) == (None, 1)


async def test_those_who_write_at_once_make_one_chain(store: Store) -> None:
    await asyncio.gather(*(note(store, subject=uuid4()) for _ in range(40)))
    found = await verified(store)
    assert (found.fault, found.rows, found.last) == (None, 40, 40)


async def test_what_is_not_foreseen_is_not_stored(store: Store) -> None:
    with pytest.raises(ValueError, match="outcome"):
        await note(store, "closed", outcome="she went home to Osh")
    assert await ask(store, "SELECT 1 FROM audit") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = NULL WHERE sequence = 2",
        "UPDATE audit SET sequence = 9 WHERE sequence = 5",
        "DELETE FROM audit WHERE sequence = 5",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "TRUNCATE audit_checkpoints",
        "WITH gone AS (DELETE FROM audit RETURNING 1) SELECT 1",
        "INSERT INTO audit SELECT * FROM audit WHERE sequence = 1 ON CONFLICT (sequence) DO UPDATE SET actor = NULL",
    ],
)
async def test_the_database_refuses_to_change_or_remove(five: Store, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only added to"):
        await ask(five, statement)
    assert await verdict(five) == (None, None)


COPY = (
    "INSERT INTO audit SELECT {}, gen_random_uuid(), at, actor, action, subject, facts, own, link FROM audit WHERE sequence = 5"
)
CUT = "DELETE FROM audit WHERE sequence = 5"


@pytest.mark.parametrize(
    ("statements", "fault", "row"),
    [
        ("UPDATE audit SET actor = gen_random_uuid() WHERE sequence = 3", "changed", 3),
        ("UPDATE audit SET at = at + interval '1 hour' WHERE sequence = 2", "changed", 2),
        ("UPDATE audit SET facts = '{}' WHERE sequence = 1", "changed", 1),
        ("UPDATE audit SET subject = NULL", "changed", 1),
        ("UPDATE audit SET own = 'x' WHERE sequence = 4", "changed", 4),
        ("UPDATE audit SET link = 'x' WHERE sequence = 4", "changed", 4),
        ("UPDATE audit SET link = 'x' WHERE sequence = 5", "changed", 5),
        ("DELETE FROM audit WHERE sequence = 1", "removed", 1),
        ("DELETE FROM audit WHERE sequence = 3", "removed", 3),
        ("DELETE FROM audit WHERE sequence >= 4", "removed", 4),
        ("DELETE FROM audit", "removed", 1),
        (
            "DELETE FROM audit WHERE sequence = 2; UPDATE audit SET sequence = sequence + 9 WHERE sequence > 2;"
            "UPDATE audit SET sequence = sequence - 10 WHERE sequence > 9",
            "removed",
            2,
        ),
        (
            "UPDATE audit SET sequence = CASE sequence WHEN 2 THEN 14 ELSE 12 END WHERE sequence IN (2, 4);"
            "UPDATE audit SET sequence = sequence - 10 WHERE sequence > 10",
            "moved",
            2,
        ),
        ("UPDATE audit SET sequence = 9 WHERE sequence = 2", "moved", 2),
        (COPY.format(6), "added", 6),
        (COPY.format(0), "added", 0),
        ("DELETE FROM audit_head", "head", None),
        ("UPDATE audit_head SET sequence = 4", "head", None),
        ("UPDATE audit_head SET mac = 'x'", "head", None),
        (f"{CUT}; UPDATE audit_head SET sequence = 4, link = (SELECT link FROM audit WHERE sequence = 4)", "head", None),
        (
            "INSERT INTO audit_checkpoints SELECT 2, link, now(), mac FROM audit_head; DELETE FROM audit WHERE sequence <= 2",
            "checkpoint",
            2,
        ),
    ],
)
async def test_whatever_the_owner_of_the_database_does_is_found(
    five: Store, statements: str, fault: str, row: int | None
) -> None:
    await tamper(five, statements)
    assert await verdict(five) == (fault, row)


@pytest.mark.parametrize(
    "statements",
    [
        CUT,
        "DELETE FROM audit_head",
        f"{CUT}; UPDATE audit_head SET sequence = 4, link = (SELECT link FROM audit WHERE sequence = 4)",
        f"{CUT}; DELETE FROM audit_head",
        "DELETE FROM audit",
        "UPDATE audit SET link = 'x' WHERE sequence = 5",
        COPY.format(6),
    ],
)
async def test_a_touched_end_is_not_covered_by_what_is_written_after(five: Store, statements: str) -> None:
    await tamper(five, statements)
    for _ in range(2):
        await note(five)
    assert (await verified(five)).fault is not None
    assert len(await ask(five, "SELECT 1 FROM audit WHERE action = 'trail_broken'")) == 1


async def test_another_desks_secret_proves_nothing(five: Store) -> None:
    assert (await verified(five, OTHER)).fault == "changed"


async def test_a_trail_that_was_begun_anew_is_found_by_a_mark_that_was_noted(five: Store) -> None:
    noted = (await verified(five)).mark
    await note(five)
    assert (await verified(five, seen=(noted,))).fault is None
    await tamper(five, "DELETE FROM audit; DELETE FROM audit_head")
    for _ in range(7):
        await note(five)
    assert (await verified(five)).fault is None
    found = await verified(five, seen=(noted,))
    assert (found.fault, found.row) == ("removed", 5)


# --- by age ---

LONG_AGO = datetime.now(UTC) - timedelta(days=400)


async def shorten(store: Store, before: datetime) -> int:
    async with transaction(store.engine) as connection:
        return await audit.shorten(connection, SECRET, before)


@pytest.fixture
async def old(store: Store) -> Store:
    """Three rows of long ago, two of today."""
    for at in (LONG_AGO, LONG_AGO, LONG_AGO, None, None):
        await note(store, at=at)
    return store


async def test_old_rows_go_and_the_rest_still_holds(old: Store) -> None:
    noted = (await verified(old)).mark
    assert await shorten(old, datetime.now(UTC) - timedelta(days=365)) == 3
    assert [r.sequence for r in await ask(old, "SELECT sequence FROM audit ORDER BY 1")] == [4, 5]
    assert [r.through for r in await ask(old, "SELECT through FROM audit_checkpoints")] == [3]
    await note(old)
    found = await verified(old, seen=(noted,))
    assert (found.fault, found.rows, found.last) == (None, 3, 6)
    assert await shorten(old, datetime.now(UTC) - timedelta(days=365)) == 0
    await tamper(old, "DELETE FROM audit WHERE sequence = 4")
    assert await verdict(old) == ("removed", 4)


async def test_nothing_younger_than_thirty_days_is_removed_whoever_asks(old: Store) -> None:
    assert await shorten(old, datetime.now(UTC) + timedelta(days=1)) == 3
    link = (await ask(old, "SELECT link FROM audit WHERE sequence = 4"))[0].link
    with pytest.raises(DBAPIError, match="30 days at least"):
        await ask(old, "SELECT audit_shorten(4, :link, now(), 'm')", link=link)


async def test_an_old_row_behind_a_young_one_stays(old: Store) -> None:
    await note(old, at=LONG_AGO)
    assert await shorten(old, datetime.now(UTC)) == 3


async def test_when_all_is_old_the_last_row_stays(store: Store) -> None:
    for _ in range(3):
        await note(store, at=LONG_AGO)
    assert await shorten(store, datetime.now(UTC)) == 2
    await note(store)
    assert await verdict(store) == (None, None)


async def test_a_trail_that_does_not_hold_is_kept_as_evidence(old: Store) -> None:
    await tamper(old, "UPDATE audit SET actor = NULL WHERE sequence = 2")
    assert await shorten(old, datetime.now(UTC)) == 0
    assert len(await ask(old, "SELECT 1 FROM audit")) == 5


async def test_only_what_a_checkpoint_covers_can_be_removed(old: Store) -> None:
    with pytest.raises(DBAPIError, match="no such row"):
        await ask(old, "SELECT audit_shorten(3, 'guessed', now(), 'm')")
    await shorten(old, datetime.now(UTC))
    with pytest.raises(DBAPIError, match="only added to"):
        await ask(old, "DELETE FROM audit_checkpoints")


# --- reading ---


async def test_pages_and_filters_find_what_they_say(store: Store) -> None:
    conversation = uuid4()
    for n in range(7):
        await note(store, "claimed" if n % 2 else "given_back", ANNA if n < 5 else BOLAT, conversation if n == 3 else None)

    async def sequences(wanted: Wanted, **more: Any) -> tuple[list[int], int | None]:
        async with transaction(store.engine) as connection:
            page = await audit.read(connection, wanted, **more)
        return [r.sequence for r in page.rows], page.older

    assert await sequences(Wanted(), most=3) == ([7, 6, 5], 5)
    assert await sequences(Wanted(), below=5, most=4) == ([4, 3, 2, 1], None)
    assert await sequences(Wanted(actions=("claimed",))) == ([6, 4, 2], None)
    assert await sequences(Wanted(actor=BOLAT)) == ([7, 6], None)
    assert await sequences(Wanted(subject=conversation)) == ([4], None)
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert await sequences(Wanted(until=an_hour_ago)) == ([], None)
    assert len((await sequences(Wanted(since=an_hour_ago)))[0]) == 7

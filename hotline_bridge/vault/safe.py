"""What wraps the keys of conversations: a ring of keys above, a root secret beside them, and which of the ring is in force.

The installation has two safes that know nothing of each other: the vault (words as typed, addresses) under the master keys, and
the desk (what operators read) under the desk's keys. The key that wraps the root is the one in force: everything new is wrapped
by it, in every process, whenever it was started. A rotation wraps the root anew, and then the keys in batches; until it is
done both keys open what they wrapped. Data functions on the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Table, bindparam, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.errors import Forgotten, SettingError
from hotline_bridge.vault.master import MasterKey
from hotline_bridge.vault.ring import Ring
from hotline_bridge.vault.root import Root
from hotline_bridge.vault.sealing import Key, new_key

ROOT = "root"
RESTORING = "restoring"  # stands beside the root while a copy is put back (custody/restore.py)


BROKEN_OFF = (
    "A copy was being put back into this database, and that was broken off. Set the database aside and restore once more "
    "into an empty one: this one is not whole."
)


@dataclass(frozen=True, slots=True)
class Place:
    """The tables of one safe. by: the column that names the ring's key; lock: an advisory lock's number."""

    roots: Table
    keys: Table
    by: str
    lock: int


@dataclass(frozen=True, slots=True)
class Census:
    """in_force: the id of the key in force, None in a new database; wraps: how many conversations each key wraps."""

    in_force: str | None
    wraps: dict[str, int]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step changed. last: the id to go on behind; None: there was nothing left. broken: keys that did not open."""

    last: UUID | None
    changed: int = 0
    broken: int = 0


@dataclass(slots=True)
class Safe:
    """`open` comes first, once in a process."""

    ring: Ring
    _root: Root | None = None
    place: ClassVar[Place]

    async def open(self, connection: AsyncConnection) -> None:
        """Read the root secret, or make it and the ring's first key for a new database; the caller commits.

        Raises SettingError, which says what to do, when the keys at hand are not this database's.
        """
        roots = self.place.roots
        if (await connection.execute(select(roots.c.name).where(roots.c.name == RESTORING))).first():
            raise SettingError(BROKEN_OFF)
        self._root = await self._read_root(connection) or await self._make_root(connection)

    async def begin(self, connection: AsyncConnection) -> None:
        """Make what `open` makes for a new database. A safe that has its root is left shut: no key is needed for it."""
        if await self._census_root(connection) is None:
            await self.open(connection)

    @property
    def root(self) -> Root:
        """What outlives every rotation."""
        assert self._root is not None, "the safe was not opened"
        return self._root

    def fingerprint(self, use: str, words: str) -> bytes:
        """32 bytes by which `words` are found again without being kept."""
        return self.root.fingerprint(use, words)

    def derive(self, use: str) -> bytes:
        """32 bytes for one use, the same in every process and after every rotation."""
        return self.root.derive(use)

    async def key(self, connection: AsyncConnection, conversation: UUID) -> Key:
        """The conversation's key. Raises Forgotten; SettingError under a key not at hand: then nothing is given up."""
        keys = self.place.keys
        query = select(keys.c.wrapped, keys.c[self.place.by]).where(keys.c.conversation_id == conversation)
        row = (await connection.execute(query)).first()
        if row is None:
            raise Forgotten("this conversation was forgotten")
        wrapped, master = row
        return Key(self._held(master).unwrap(_name(conversation), wrapped))

    async def in_force(self, connection: AsyncConnection) -> MasterKey:
        """The key for what is new; it stays in force until the transaction ends. Raises SettingError when it is not at hand."""
        await connection.execute(text(f"SELECT pg_advisory_xact_lock_shared({self.place.lock})"))
        master = (await self._census_root(connection)) or self.ring.newest.id
        return self._held(master)

    async def wrap(self, connection: AsyncConnection, conversation: UUID, key: Key) -> dict[str, object]:
        """The row by which a conversation's new key is kept."""
        master = await self.in_force(connection)
        wrapped = master.wrap(_name(conversation), key.raw)
        return {"conversation_id": conversation, "wrapped": wrapped, self.place.by: master.id}

    async def bring_into_force(self, connection: AsyncConnection, new: MasterKey) -> None:
        """Wrap the root secret under `new`. Waits for those who wrap something new at this moment."""
        await self._alone(connection)
        found = await self._read_root(connection)
        assert found is not None, "a safe that was opened has its root"
        roots = self.place.roots
        await connection.execute(
            update(roots).where(roots.c.name == ROOT).values(wrapped=new.wrap(ROOT, found.raw), master=new.id)
        )

    async def wrap_anew(self, connection: AsyncConnection, new: MasterKey, after: UUID, limit: int) -> Batch:
        """Wrap up to `limit` conversations' keys under `new`, in the order of their ids, behind `after`."""
        keys = self.place.keys
        by = keys.c[self.place.by]
        rows = (
            await connection.execute(
                select(keys.c.conversation_id, keys.c.wrapped, by)
                .where(by.in_([k.id for k in self.ring.keys if k.id != new.id]), keys.c.conversation_id > after)
                .order_by(keys.c.conversation_id)
                .limit(limit)
                .with_for_update()
            )
        ).all()
        changed = [one for row in rows if (one := self._changed(new, *row))]
        if changed:
            step = update(keys).where(keys.c.conversation_id == bindparam("one"))
            await connection.execute(step.values({"wrapped": bindparam("w"), self.place.by: new.id}), changed)
        return Batch(rows[-1].conversation_id if rows else None, len(changed), len(rows) - len(changed))

    async def census(self, connection: AsyncConnection) -> Census:
        """Which key is in force, and how many conversations each key wraps."""
        by = self.place.keys.c[self.place.by]
        rows = await connection.execute(select(by, func.count()).group_by(by))
        return Census(await self._census_root(connection), {master: number for master, number in rows})

    def _changed(self, new: MasterKey, conversation: UUID, wrapped: bytes, master: str) -> dict[str, object] | None:
        """The row's new values; None for one that is damaged: it could not be read before either, and stays as it is."""
        name = _name(conversation)
        try:
            return {"one": conversation, "w": new.wrap(name, self._held(master).unwrap(name, wrapped))}
        except Forgotten:
            return None

    async def _make_root(self, connection: AsyncConnection) -> Root:
        await self._alone(connection)
        if (found := await self._read_root(connection)) is not None:
            return found
        for master in (await self.census(connection)).wraps:
            if self.ring.find(master) is None:
                raise SettingError(self._not_ours(master))
        if not self.ring.keys:
            self.ring.make()
        raw, master_key = new_key(), self.ring.newest
        row = {"name": ROOT, "wrapped": master_key.wrap(ROOT, raw), "master": master_key.id}
        await connection.execute(insert(self.place.roots).values(row))
        return Root(raw)

    async def _read_root(self, connection: AsyncConnection) -> Root | None:
        roots = self.place.roots
        row = (await connection.execute(select(roots.c.wrapped, roots.c.master).where(roots.c.name == ROOT))).first()
        if row is None:
            return None
        master = self.ring.find(row.master)
        if master is None:
            raise SettingError(self._not_ours(row.master))
        return Root(master.unwrap(ROOT, row.wrapped))

    async def _census_root(self, connection: AsyncConnection) -> str | None:
        roots = self.place.roots
        query = select(roots.c.master).where(roots.c.name == ROOT)
        return (await connection.execute(query)).scalar_one_or_none()

    async def _alone(self, connection: AsyncConnection) -> None:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({self.place.lock})"))

    def _held(self, master: str) -> MasterKey:
        found = self.ring.find(master)
        if found is None:
            raise SettingError(f"{self.ring.place} lacks the key {master}, under which this conversation is kept")
        return found

    def _not_ours(self, needed: str) -> str:
        held = ", ".join(k.id for k in self.ring.keys)
        there = f"{self.ring.place} holds {held} instead" if held else f"{self.ring.place} is missing"
        return (
            f"This database was written under the key {needed}, and {there}. Nothing was changed. Put the right key there "
            f"from the copy that you keep apart (./run.sh keys show names the keys by these letters), and start again. "
            f"If no copy is left, nobody can read what it wraps: set the database aside and begin with an empty one."
        )


def _name(conversation: UUID) -> str:
    return f"key:{conversation}"

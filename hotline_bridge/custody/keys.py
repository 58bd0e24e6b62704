"""`./run.sh keys …`: which keys there are, a new one, an old one let go, a copy apart. Ids only, never a key's bytes."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from hotline_bridge import bootstrap, datafolder
from hotline_bridge.errors import KomekError
from hotline_bridge.flow.rotate import retire, rotate
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.local_time import day_of
from hotline_bridge.settings import Settings
from hotline_bridge.store import embedded, engine, migrate
from hotline_bridge.store.engine import transaction
from hotline_bridge.vault import copies
from hotline_bridge.vault.safe import Census, Safe

Step = Callable[[AsyncEngine, str, Safe], Awaitable[None]]


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Carry out one order of orders.KEYS; 0, or 2 when one of the two rings could not be served. Raises KomekError."""
    folder = datafolder.prepare(settings.komek_data)
    safes: dict[str, Safe] = {"master": bootstrap.vault(settings), "desk": bootstrap.desk(settings)}
    rings = {name: safe.ring for name, safe in safes.items()}
    if given.order == "export":
        copies.export(rings, Path(given.folder), folder, day_of(datetime.now(UTC)))
        print(f"Copied to {given.folder}. Keep it apart from the database and from its backups.")
        return 0
    wanted = {name: safe for name, safe in safes.items() if getattr(given, "ring", None) in (None, name)}
    step: Step = {"show": _show, "rotate": _rotate, "retire": _retire}[given.order]
    url = bootstrap.database_url(settings) if settings.database_url else None
    with embedded.reach(url, folder) as address:
        migrate.require_current(address)
        failed = asyncio.run(_each(address, wanted, step))
    if given.order == "show":
        print("Nobody can restore a lost key, and nothing that it wraps is read again: keep a copy in a place apart.")
    for line in copies.warnings(rings, folder):
        print(line)
    return 2 if failed else 0


async def _each(url: str, safes: dict[str, Safe], step: Step) -> int:
    """Each ring for itself: that one's key must be made by hand does not keep the other from its new one."""
    made, failed = engine.create(url, size=2), 0
    try:
        for name, safe in safes.items():
            try:
                await step(made, name, safe)
            except KomekError as error:
                failed += 1
                print(error, file=sys.stderr)
    finally:
        await made.dispose()
    return failed


async def _show(made: AsyncEngine, name: str, safe: Safe) -> None:
    async with transaction(made) as connection:
        counted = await safe.census(connection)
    print(f"{name}, from {safe.ring.place}:")
    for line in told(counted, [k.id for k in safe.ring.keys]):
        print(f"  {line}")


def told(counted: Census, held: list[str]) -> list[str]:
    """A line for each key that is held or named in the database."""
    force, lines = counted.in_force, []
    for key in [*held, *sorted({*counted.wraps, *([force] if force else [])} - {*held})]:
        number = counted.wraps.get(key, 0)
        wraps = f"wraps {number} conversation{'' if number == 1 else 's'}"
        if key not in held:
            lines.append(f"{key}  MISSING: {wraps}, which nobody can read until this key is put back")
        elif force is None:
            lines.append(f"{key}  new: the first start puts it into force")
        elif key == force:
            lines.append(f"{key}  in force: {wraps}")
        elif number:
            lines.append(f"{key}  old: {wraps}; ./run.sh keys rotate wraps them anew")
        elif force in held and held.index(key) < held.index(force):
            lines.append(f"{key}  new: ./run.sh keys rotate puts it into force")
        else:
            lines.append(f"{key}  old: nothing here needs it, copies of keys made before may; ./run.sh keys retire lets go of it")
    return lines


async def _rotate(made: AsyncEngine, name: str, safe: Safe) -> None:
    await unlock(made, safe)
    done = await rotate(made, safe)
    print(f"{name}: the key {done.key} is in force; {done.changed} conversations were wrapped anew.")
    if done.broken:
        print(f"{done.broken} could not be: their keys are damaged and could not be read before either.")
    if done.old:
        print(
            f"Old and no longer needed here: {', '.join(done.old)}. Copies of keys made before need it; "
            "when those are gone, or at once if it was stolen: ./run.sh keys retire"
        )


async def _retire(made: AsyncEngine, name: str, safe: Safe) -> None:
    await unlock(made, safe)
    gone = await retire(made, safe)
    print(f"{name}: let go of {', '.join(gone)}." if gone else f"{name}: every key is needed.")

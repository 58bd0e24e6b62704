"""unlock: make vault and desk ready, once at the start of a process. A wrong key is found here, before anything is taken in."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from hotline_bridge.store.engine import transaction
from hotline_bridge.vault.safe import Safe


async def unlock(engine: AsyncEngine, *safes: Safe | None) -> None:
    """Open each. Raises SettingError, which says what to do, when the keys at hand are not this database's."""
    async with transaction(engine) as connection:
        for safe in safes:
            if safe is not None:
                await safe.open(connection)

"""Who works here: operators with their pagers, and accounts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from itertools import count
from uuid import UUID, uuid4

from fakes_bridge import ask
from people import Person

from hotline_bridge.accounts import people
from hotline_bridge.accounts.people import Account, Role
from hotline_bridge.flow import pager
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Channel
from hotline_bridge.shifts import Shift, roster
from hotline_bridge.store.engine import transaction

_numbers = count(9001)


@dataclass
class Colleague:
    """Somebody who works here, and the phone in their pocket."""

    stations: Stations
    account: UUID
    phone: Person

    @classmethod
    async def hired(
        cls,
        stations: Stations,
        role: str = "operator",
        *,
        languages: Sequence[str] = ("ru",),
        interface: str = "en",
        channel: Channel = Channel.TELEGRAM,
        with_pager: bool = True,
        on_shift: bool = False,
    ) -> Colleague:
        """With an account; and as the words say with a pager, and on shift all week."""
        account = uuid4()
        await ask(
            stations,
            """INSERT INTO console.accounts (id, login, name, role, languages, interface_language)
               VALUES (:id, :login, :login, :role, :languages, :interface)""",
            id=account,
            login=f"{role}-{account.hex[:6]}",
            role=role,
            languages=list(languages),
            interface=interface,
        )
        made = cls(stations, account, Person(stations, str(next(_numbers)), channel))
        if with_pager:
            await made.takes_a_pager()
        if on_shift:
            await made.is_always_there()
        return made

    async def takes_a_pager(self) -> UUID:
        """Write the console's code from the phone; the chat's conversation."""
        offered = await pager.offer(self.stations, self.account)
        return await self.phone.asks(offered.code)

    async def is_always_there(self) -> None:
        """On shift every hour of the week."""
        week = [Shift(uuid4(), self.account, time(), time(), weekday) for weekday in range(7)]
        async with transaction(self.stations.store.engine) as connection:
            assert await roster.add(connection, week) == 7


async def has_an_account(stations: Stations, role: Role = Role.OPERATOR, account: UUID | None = None) -> UUID:
    """Somebody who can sign in; their id."""
    one = Account(account or uuid4(), role.capitalize(), role, ("ru",), "en")
    async with transaction(stations.store.engine) as connection:
        assert await people.add(connection, one, role, "unusable", b"")
    return one.id

"""Somebody at the console's door: their password, their telephone, the form, and the link by which they first come."""

from __future__ import annotations

import asyncio
import functools
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pyotp
from console.conftest import SECRET, Browser, add_account
from fakes_bridge import Clock

from hotline_bridge.accounts import passwords
from hotline_bridge.accounts.people import Account
from hotline_bridge.flow.stations import DeskStations

PASSWORD = "velvet canoe orbit thistle"
OTHER = "seven quiet lanterns drift"
LINK = re.compile(r'value="http://127\.0\.0\.1:8082(/invitation/[\w-]{43})"')


@functools.cache
def password_hash() -> str:
    """PASSWORD as it is stored; made in a thread of its own, as a test's loop is running."""
    return asyncio.run(passwords.hashed(PASSWORD))


@dataclass
class Somebody:
    """A person with an account. `code()` is what their telephone shows now."""

    account: Account
    login: str
    clock: Clock
    secret: str = SECRET

    def code(self, steps: int = 0) -> str:
        """The code `steps` half minutes from now."""
        return pyotp.TOTP(self.secret).at(self.clock() + timedelta(seconds=30 * steps))

    async def knocks(self, browser: Browser, *, password: str = PASSWORD, code: str | None = None, **more: Any) -> httpx.Response:
        """Open the form and send it."""
        if not browser.csrf_known:
            await browser.get("/sign-in")
        fields = {"login": self.login, "password": password, "code": self.code() if code is None else code, **more}
        return await browser.submit("/sign-in", **fields)


async def somebody(stations: DeskStations, clock: Clock, role: str = "operator", login: str = "dilyara") -> Somebody:
    """An account with PASSWORD."""
    stored = await asyncio.to_thread(password_hash)
    return Somebody(await add_account(stations, role, login=login, password_hash=stored), login, clock)


def secret_on(page: str) -> str:
    """The secret of the second factor, as the page behind a link shows it."""
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert found
    return found[1].replace(" ", "")


async def invited(as_administrator: Browser, name: str = "Dilyara", role: str = "operator", *languages: str) -> str:
    """The path of a new link."""
    answer = await as_administrator.submit("/people/invitations", name=name, role=role, chosen=list(languages))
    assert answer.status_code == 200, answer.text
    found = LINK.search(answer.text)
    assert found
    return found[1]


class Newcomer:
    """Somebody who opens a link."""

    def __init__(self, browser: Browser, path: str, clock: Clock) -> None:
        self.browser, self.path, self.clock = browser, path, clock

    async def takes_it_up(self, login: str = "dilyara", *, password: str = PASSWORD, **fields: str) -> Any:
        page = (await self.browser.get(self.path)).text
        self.telephone = Somebody(None, login, self.clock, secret_on(page))  # type: ignore[arg-type]
        given = {"login": login, "password": password, "repeated": password, "code": self.telephone.code(), **fields}
        return await self.browser.submit(self.path, **given)

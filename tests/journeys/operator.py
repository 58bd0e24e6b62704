"""An operator at the console over HTTP, signed in by a session that the test put into the database."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx
from journeys.system import System, until

from hotline_bridge.accounts.sessions import form_token
from hotline_bridge.console import cookies


@dataclass
class Operator:
    """Claims, writes and gives back, as the page's forms would."""

    system: System
    name: str = "Anora"
    role: str = "operator"
    id: UUID = field(default_factory=uuid4)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def __post_init__(self) -> None:
        self.system.do(
            "INSERT INTO console.accounts (id, login, name, role, languages) VALUES (%s, %s, %s, %s, '{ru}')",
            self.id, f"{self.name}-{self.id.hex[:6]}".lower(), self.name, self.role,
        )  # fmt: skip
        self.system.do(
            "INSERT INTO console.sessions (token_hash, account_id, created_at, last_seen_at, expires_at) "
            "VALUES (%s, %s, now(), now(), now() + interval '2 hours')",
            hashlib.sha256(self.token.encode()).digest(), self.id,
        )  # fmt: skip

    def post(self, path: str, timeout: float = 10.0, **fields: str) -> int:
        """The status, or 0 when there was no answer."""
        try:
            return self.sends(path, timeout, **fields).status_code
        except httpx.HTTPError:
            return 0

    def sends(self, path: str, timeout: float = 60.0, **fields: str | list[str]) -> httpx.Response:
        """The answer to a form. Raises httpx.HTTPError."""
        body = {"csrf": form_token(self.token), **fields}
        headers = {"origin": self.system.console_url}
        url, jar = f"{self.system.console_url}{path}", {cookies.SESSION: self.token}
        return httpx.post(url, data=body, cookies=jar, headers=headers, timeout=timeout)

    def reads(self, path: str) -> str:
        """A page."""
        answer = httpx.get(f"{self.system.console_url}{path}", cookies={cookies.SESSION: self.token}, timeout=60)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def does(self, conversation: UUID, step: str, **fields: str) -> None:
        """A step that must succeed."""
        status = self.post(f"/conversations/{conversation}/{step}", **fields)
        assert status in (200, 303), f"{step}: {status}"

    def is_stopped_in(self, conversation: UUID, step: str, table: str, **fields: str) -> None:
        """Begin a step while nobody can write to `table`, and kill the console exactly there."""
        with self.system.locked(table):
            assert self.post(f"/conversations/{conversation}/{step}", timeout=2, **fields) == 0
            until(self.system.blocked, 5, f"the console waits to write to {table}")
            self.system.kill("console")
        self.system.start("console")
        self.system.ready("console")

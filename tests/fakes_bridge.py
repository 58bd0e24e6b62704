"""Stand-ins for what the bridge meets: the assistant, a provider's channel, the language model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import text

from bot.reading.language import Reading
from bot.reading.script import script_of
from hotline_bridge.channels.base import Pace, Parsed, Request
from hotline_bridge.desk import Desk
from hotline_bridge.errors import AssistantSilent, Forged, SendError
from hotline_bridge.flow.stations import Stations, Store
from hotline_bridge.messages import Channel, Inbound, Kind, Message, Receipt, Reply, Voice
from hotline_bridge.store.engine import transaction
from hotline_bridge.vault.identities import Vault
from hotline_bridge.vault.master import MasterKey
from hotline_bridge.vault.ring import Ring
from hotline_bridge.vault.root import Root

_numbers = count(1)


@dataclass(frozen=True)
class Asked:
    """One question to the assistant, as it came."""

    conversation: UUID
    turn: UUID
    text: str
    voice: Voice
    channel: str


class ScriptedAssistant:
    """Answers with the replies that stand next in line, else with `always`; None is silence."""

    def __init__(self, *replies: Reply) -> None:
        self.always: list[Reply] | None = list(replies) or [Reply("greet")]
        self.next: list[list[Reply] | None] = []
        self.asked: list[Asked] = []
        self.meanwhile: Callable[[], Any] | None = None  # awaited once, while the assistant thinks

    async def ask(self, conversation: UUID, turn: UUID, text: str, voice: Voice, channel: str) -> list[Reply]:
        self.asked.append(Asked(conversation, turn, text, voice, channel))
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        answer = self.next.pop(0) if self.next else self.always
        if not answer:
            raise AssistantSilent("scripted")
        return answer

    async def close(self) -> None:
        """Nothing is open."""


class ScriptedChannel:
    """A provider that takes what it is given, after the faults that wait in line. Also the webhook's reader in serve's tests."""

    def __init__(
        self, name: Channel = Channel.TELEGRAM, *, overall: float = 1000.0, each: float = 1000.0, final: bool = True
    ) -> None:
        self.name = name
        self.pace = Pace(overall, each)
        self.keeps_records = name is Channel.TWILIO
        self.erased: list[tuple[str, tuple[str, ...]]] = []
        self.refusals: list[SendError] = []  # of what is to be erased
        self.final = final
        self.faults: list[SendError | None] = []
        self.sent: list[tuple[str, Message]] = []
        self.sent_at: list[datetime] = []
        self.tried = 0
        self.parsed: Parsed | Exception = Parsed()
        self.requests: list[Request] = []
        self.acknowledged: list[Inbound] = []
        self.left: list[str] = []

    @property
    def texts(self) -> list[str]:
        return [message.text for _, message in self.sent]

    def parse(self, request: Request) -> Parsed:
        self.requests.append(request)
        if isinstance(self.parsed, Exception):
            raise self.parsed
        return self.parsed

    async def send(self, address: str, message: Message) -> Receipt:
        self.tried += 1
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
        self.sent.append((address, message))
        self.sent_at.append(datetime.now(UTC))
        return Receipt(f"ref-{len(self.sent)}", self.final)

    async def acknowledge(self, inbound: Inbound) -> None:
        self.acknowledged.append(inbound)

    async def leave(self, address: str) -> None:
        self.left.append(address)

    async def erase(self, address: str, references: tuple[str, ...]) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.erased.append((address, references))

    async def close(self) -> None:
        """Nothing is open."""


def made_vault(letter: bytes = b"m") -> Vault:
    """A vault with a key and a root of its own, as if it had been opened."""
    return Vault(Ring("the test's key", (MasterKey(letter * 32),)), Root(letter.upper() * 32))


def made_desk(letter: bytes = b"d") -> Desk:
    """The same for the desk."""
    return Desk(Ring("KOMEK_DESK_KEY", (MasterKey(letter * 32),)), Root(letter.upper() * 32))


FORGED = Forged("the signature is wrong")

# Words by which the fake reader knows a language; the real one is a trained model with the same read().
TELLTALE = {
    "kk": ("қалай", "жалақы", "көмек керек", "qalai", "jalaqy"),
    "ru": ("что", "зарплат", "паспорт"),
    "uz": ("qanday", "oylik", "қандай", "ойлик"),
    "tg": ("чӣ", "маош", "кумак"),
    "other": ("hello", "salary"),
}


class FakeLanguageReader:
    """Knows a language by a few words and is unsure of all else."""

    def read(self, text: str) -> Reading:
        low = text.casefold()
        language: Any = next((name for name, words in TELLTALE.items() if any(w in low for w in words)), None)
        return Reading(language, 0.9 if language else 0.2, script_of(text))


@dataclass
class Clock:
    """A clock that is moved by hand; at first it shows the time of day."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def advance(self, **by: float) -> None:
        self.ahead += timedelta(**by)

    def shows(self, at: datetime) -> None:
        self.ahead = at - datetime.now(UTC)


def inbound(
    text: str = "паспорт забрали",
    *,
    who: str = "1001",
    number: str | None = None,
    channel: Channel = Channel.TELEGRAM,
    kind: Kind = Kind.TEXT,
    reference: str | None = None,
) -> Inbound:
    """A message from `who`; each has a number of its own unless one is given."""
    return Inbound(channel, who, number or f"n{next(_numbers)}", kind, text, reference)


def keys(replies: Iterable[Reply]) -> list[str]:
    return [reply.key for reply in replies]


async def ask(stations: Stations | Store, query: str, **values: Any) -> list[Any]:
    """Rows of a query."""
    store: Store = getattr(stations, "store", stations)  # DeskStations too
    async with transaction(store.engine) as connection:
        result = await connection.execute(text(query), values)
        return list(result) if result.returns_rows else []

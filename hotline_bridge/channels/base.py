"""What every channel promises, on one page, free of any server and of the store.

In: the body of a webhook becomes Inbound and StatusReport records, after its signature or secret was checked.
Out: `send` hands one Message to the provider and returns its Receipt, or raises one of the closed list of SendError.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from hotline_bridge.messages import Channel, Inbound, Message, Receipt, StatusReport


@dataclass(frozen=True, slots=True)
class Request:
    """A webhook call as the server got it, without the server.

    path: as routed, such as /sms/twilio; url: as the provider called it when the server knows no better;
    headers: names in lower case; query: raw query string; body: raw bytes, at most 64 KiB.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    query: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a genuine call holds. Updates that are nobody's message (a group, another bot, an edit) leave it empty.

    leave: addresses of groups and channels that the bot was put into and leaves politely.
    """

    inbound: tuple[Inbound, ...] = ()
    statuses: tuple[StatusReport, ...] = ()
    leave: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast this channel may send: messages a second over all, and to one person.

    credit: seconds of unused time that may be made up for, so that a moment's hiccup at full load is not carried along.
    """

    overall: float
    each: float
    credit: float = 0.0


@runtime_checkable
class ChannelAdapter(Protocol):
    """One provider. Made by bootstrap; opens nothing until it is used."""

    name: Channel
    pace: Pace
    keeps_records: bool  # whether the provider keeps a record of each message that erase() removes by its reference

    def parse(self, request: Request) -> Parsed:
        """The records in a webhook call. Raises Forged or Unreadable; never a provider's own error."""

    async def send(self, address: str, message: Message) -> Receipt:
        """Hand over one message within 10 s. Raises a SendError and nothing else."""

    async def acknowledge(self, inbound: Inbound) -> None:
        """Tell the provider what must be told at once (a pressed button stops waiting). Never raises."""

    async def leave(self, address: str) -> None:
        """Leave a group or channel. Never raises."""

    async def erase(self, address: str, references: tuple[str, ...]) -> None:
        """Remove messages, or the provider's records of them. What is gone already is no fault. Raises a SendError."""

    async def close(self) -> None:
        """Close connections."""

"""pager: how a chat becomes an operator's pager, what is answered there, and how it ends.

The console shows a code; whoever writes it to Komek, in Telegram or by SMS, has their pager in that chat. A pager's messages
are answered here and nowhere else: Rasa is not asked, nothing is written down, nothing is counted, and no ticket is opened.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import pager_code, pagers
from hotline_bridge.accounts import people, throttle
from hotline_bridge.accounts.people import Role
from hotline_bridge.accounts.throttle import Limit
from hotline_bridge.conversations import Conversation
from hotline_bridge.desk import Desk
from hotline_bridge.errors import AccountRefused, Forgotten, SettingError
from hotline_bridge.flow import forget, listen, say, trail
from hotline_bridge.flow.stations import AtDesk, Reading, Stations, desk_of
from hotline_bridge.flow.turn import Answer, Heard
from hotline_bridge.messages import Kind, Reply
from hotline_bridge.pagers import Pager
from hotline_bridge.replies.render import Renderer
from hotline_bridge.store.engine import transaction

log = structlog.get_logger(__name__)
_REMOVED = "pager_removed"
_STOP = {"stop": "STOP"}  # obeyed in every language (nlu/commands)
FREE_GUESSES, LONGEST_WAIT = 5, 3600.0  # wrong codes of one chat, then seconds between two more


@dataclass(frozen=True, slots=True)
class Offered:
    """A code, shown this once, and until when it can be used."""

    code: str
    expires_at: datetime


async def offer(stations: AtDesk, account: UUID) -> Offered:
    """A new code for this account; an earlier one works no more. Raises AccountRefused("unknown")."""
    code, expires_at = pager_code.new(), stations.clock() + pager_code.LASTS
    async with transaction(stations.store.engine) as connection:
        found = await people.credentials(connection, id=account, lock=True)
        if found is None or not found.active or found.account.role == Role.AUDITOR:
            raise AccountRefused("unknown")
        await pagers.offer(connection, account, _fingerprint(desk_of(stations), code), expires_at)
    log.info("pager offered", account=str(account))
    return Offered(code, expires_at)


async def of(stations: AtDesk, account: UUID) -> Pager | None:
    """This account's pager."""
    async with transaction(stations.store.engine) as connection:
        return await pagers.of_account(connection, account)


async def remove(stations: AtDesk, renderer: Renderer, account: UUID) -> None:
    """The account has no pager any more; the chat is told."""
    async with transaction(stations.store.engine) as connection:
        if await withdraw(stations, renderer, connection, account):
            await trail.note(stations, connection, account, "pager_removed", account)
    log.info("pager removed", account=str(account))


async def withdraw(stations: AtDesk, renderer: Renderer, connection: AsyncConnection, account: UUID) -> bool:
    """Remove the pager within the step of the caller, who writes it down; whether there was one. Its chat is told.

    A chat whose key does not open is not told, and the step goes on: whoever is shut out must be out.
    """
    found = await pagers.of_account(connection, account)
    await pagers.remove(connection, account)
    if found is None:
        return False
    try:
        await say.to_pager(stations, renderer, connection, found, _REMOVED)  # who lost it to somebody else's hand notices
    except (Forgotten, SettingError) as error:
        log.error("chat of a removed pager is not told", account=str(account), error=type(error).__name__)
    return True


def answer_of(reading: Reading, before: Conversation, heard: Heard) -> Answer | None:
    """What is answered to a pager, or to a code that would make one; None for everybody else. Pure.

    Safety: a watched phone, and a person whom an operator talks with, get no word of ours about codes.
    """
    text = listen.clean(heard.text) if heard.kind in (Kind.TEXT, Kind.COMMAND, Kind.CHOICE) else ""
    if heard.pager is None:
        guessing = heard.kind is Kind.TEXT and pager_code.read(text) is not None
        free = before.silence != "unsafe" and before.operator_id is None
        return Answer(before, pager="add", private=True) if guessing and free else None
    order = reading.commands.match(text) if heard.kind is Kind.TEXT else listen.COMMAND_NAMES.get(text)
    own = Answer(replace(before, silence=None), private=True, voice=heard.pager.voice)
    if order in ("stop", "delete"):
        gone = replace(own, pager="remove", replies=(Reply(_REMOVED),))
        return replace(gone, forget=order == "delete")
    if order == "clear":
        possible = before.channel.can_clear
        return replace(own, pager="keep", replies=(Reply("chat_cleared" if possible else "clear_sms"),), clear=possible)
    if heard.kind is Kind.TEXT and pager_code.read(text) is not None:
        return replace(own, pager="add")
    return replace(own, pager="keep", replies=(Reply("pager_is", values=_STOP),))


async def settle(stations: Stations, connection: AsyncConnection, heard: Heard, found: Answer) -> Answer:
    """Do what `found` says, in the transaction that stores it: the pager is there if and only if its owner is told so."""
    conversation = found.conversation.id
    if found.pager == "remove":
        await pagers.remove_chat(connection, conversation)
        owner = heard.pager.account if heard.pager else None
        await trail.note(stations, connection, owner, "pager_removed", owner)
        log.info("pager removed", account=str(owner))
        return found
    return await _add(stations, connection, heard, found) if found.pager == "add" else found


async def _add(stations: Stations, connection: AsyncConnection, heard: Heard, found: Answer) -> Answer:
    """The chat becomes a pager if the code is right. What was said in it before goes, and its requests end."""
    conversation, now = found.conversation.id, stations.clock()
    desk = desk_of(stations)
    limit = Limit(desk.fingerprint("pager guess", str(conversation)), FREE_GUESSES, LONGEST_WAIT)
    if await throttle.take(connection, [limit], now) > 0:
        return replace(found, pager="keep", replies=(Reply("pager_later"),))
    account = await pagers.take_up(connection, _fingerprint(desk, pager_code.read(heard.text) or ""), now)
    if account is None:
        return replace(found, pager="keep", replies=(Reply("pager_wrong"),))
    await throttle.forgive(connection, limit.key)
    earlier = await pagers.of_account(connection, account)
    await pagers.put(connection, account, conversation, now)
    if earlier is not None and earlier.conversation != conversation:
        await say.to_pager(stations, stations.renderer, connection, earlier, _REMOVED)
    await forget.words(stations, connection, conversation)
    made = await pagers.of_account(connection, account)
    assert made is not None
    await trail.note(stations, connection, account, "pager_added", account)
    log.info("pager added", account=str(account), channel=made.channel)
    fresh = Conversation(conversation, found.conversation.channel)
    return replace(found, conversation=fresh, pager="keep", replies=(Reply("pager_added", values=_STOP),), voice=made.voice)


def _fingerprint(desk: Desk, code: str) -> bytes:
    return desk.fingerprint("pager code", code)

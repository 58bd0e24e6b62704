"""refer: hand somebody over to an organisation, with their consent and no more than is needed. Each step is audited.

Safety: without the person's words there is no referral; a text that names somebody is refused; a sealed value goes along only if
it was opened by a reveal and was chosen (tests/flow/test_refer.py). What becomes of it: flow/follow_up.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import referrals, reveals, safe_contact
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import DeskError, Identifying
from hotline_bridge.flow import trail, unnamed
from hotline_bridge.flow.holding import held_by
from hotline_bridge.flow.see import value_of
from hotline_bridge.flow.stations import AtDesk, DeskStations, desk_of
from hotline_bridge.organisations import SERVICES, Organisation
from hotline_bridge.referrals import Packet, Referral
from hotline_bridge.reveals import PLACEHOLDER, Reveal
from hotline_bridge.store import signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import events
from hotline_bridge.tickets.danger import in_danger

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an operator wants to give. told: the person knows who gets what, and whether that one must tell the police.

    give: which of referrals.FIELDS; language, region and contact are taken from the conversation as it stands.
    """

    organisation: Organisation
    consent: str = field(repr=False)
    told: bool
    give: frozenset[str]
    needs: tuple[str, ...] = ()
    age: str = ""
    sex: str = ""
    note: str = field(default="", repr=False)
    reveals: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A referral and the token of its link, which is shown this once and kept nowhere."""

    referral: Referral
    token: str = field(repr=False)


async def make(stations: DeskStations, account: UUID, conversation: UUID, draft: Draft) -> Made:
    """Seal the packet and give the link's token. Raises NotYours, Identifying, and DeskError with the reason."""
    _check(draft)
    await unnamed.refuse(stations, draft.consent.strip())
    if "note" in draft.give:
        await _names_nobody(stations, draft.note)
    token, id = referrals.new_token(), uuid4()
    async with transaction(stations.store.engine) as connection:
        row = await held_by(connection, conversation, account)
        chosen = await _opened(stations, connection, account, draft) if "values" in draft.give else []
        packet = await _packet(connection, row, draft, id, chosen)
        one = _new(stations, account, conversation, draft, id, packet)
        key = await desk_of(stations).find_or_make(connection, conversation)
        await referrals.add(
            connection,
            one,
            token_hash=referrals.fingerprint(token),
            packet=referrals.sealed(packet, token, id),
            consent=key.seal(f"consent:{id}", draft.consent.strip()),
        )
        await told(connection, one, account, "referred")
        for reveal, _ in chosen:
            await reveals.change(connection, reveal.id, reveal.state, shown=reveal.shown + 1)
        for reveal, _ in chosen:
            facts: dict[str, Any] = {"reveal": reveal.id, "what": reveal.what, "times": reveal.shown + 1}
            await trail.note(stations, connection, account, "reveal_shown", conversation, **facts)
        made: dict[str, Any] = {"referral": id, "organisation": one.organisation, "revealed": len(chosen)}
        await trail.note(stations, connection, account, "referral_made", conversation, **made)
    log.info("referred", referral=str(id), organisation=one.organisation, fields=packet.fields)
    return Made(one, token)


def _check(draft: Draft) -> None:
    if not draft.organisation.takes_people:
        raise DeskError("organisation", "nobody can be referred there")
    said = draft.consent.strip()
    if sum(c.isalpha() for c in said) < 2 or len(said) > referrals.LONGEST_CONSENT:
        raise DeskError("consent", "without the person's own words of consent nothing is given")
    if not draft.told:
        raise DeskError("told", "tell the person first who gets what, and who must tell the police")
    if draft.give - set(referrals.FIELDS) or set(draft.needs) - set(SERVICES):
        raise DeskError("give", "choose what is given")
    if draft.age not in ("", *referrals.AGES) or draft.sex not in ("", *referrals.SEXES):
        raise DeskError("give", "choose what is given")
    if "needs" not in draft.give or not draft.needs:
        raise DeskError("needs", "say at least what the person needs")
    if len(draft.note) > referrals.LONGEST_NOTE:
        raise DeskError("note_long", "shorten what you add; nobody needs the whole story")


async def _names_nobody(stations: DeskStations, note: str) -> None:
    """Raises Identifying when the note would tell who somebody is, be it by a name."""
    if labels := sorted({span.label for span in (await unnamed.look(stations, note)).spans}):
        raise Identifying(tuple(labels))


async def _opened(stations: AtDesk, connection: AsyncConnection, account: UUID, draft: Draft) -> list[tuple[Reveal, str]]:
    """The chosen values, each opened by a reveal of this operator's that can still be read."""
    return [await value_of(stations, connection, account, reveal) for reveal in dict.fromkeys(draft.reveals)]


async def _packet(
    connection: AsyncConnection, row: Conversation, draft: Draft, id: UUID, chosen: list[tuple[Reveal, str]]
) -> Packet:
    if any(reveal.conversation != row.id for reveal, _ in chosen):
        raise DeskError("over", "this value belongs to another conversation")
    note = draft.note.strip() if "note" in draft.give else ""
    values = {reveal.what: value for reveal, value in chosen}
    if unknown := [name for name in PLACEHOLDER.findall(note) if name not in values]:
        raise Identifying((unknown[0],))
    agreement = await safe_contact.load(connection, row.id) if "contact" in draft.give else None
    return Packet(
        reference=referrals.reference(id),
        urgent=await in_danger(connection, row.id),
        needs=tuple(name for name in SERVICES if name in draft.needs),
        language=(row.language or "") if "language" in draft.give else "",
        region=(row.region or "") if "region" in draft.give else "",
        contact=(agreement.method, agreement.hours, agreement.leave_message) if agreement else None,
        age=draft.age if "age" in draft.give else "",
        sex=draft.sex if "sex" in draft.give else "",
        note=PLACEHOLDER.sub(lambda found: values[found[1]], note),
        values=tuple(values.items()),
    )


def _new(stations: AtDesk, account: UUID, conversation: UUID, draft: Draft, id: UUID, packet: Packet) -> Referral:
    now = stations.clock()
    return Referral(
        id=id,
        conversation=conversation,
        organisation=draft.organisation.id,
        state="sent",
        noted="sent",
        fields=tuple(packet.fields),
        made_by=account,
        made_at=now,
        expires_at=now + referrals.LASTS,
        read_at=None,
        answered_at=None,
        answered_by=None,
        served_at=None,
        ended_at=None,
    )


async def told(connection: AsyncConnection, one: Referral, account: UUID | None, kind: str) -> None:
    """Whoever works on the conversation sees what became of the referral. kind: of a ticket's event."""
    if one.conversation is not None:
        await events.note(connection, one.conversation, account, kind, organisation=one.organisation)
    await signals.send(connection, "referral", one.conversation)

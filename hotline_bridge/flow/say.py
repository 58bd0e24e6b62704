"""say: what nobody has just asked for, said by Komek itself or by an operator. Row, line and job share one transaction.

Whether it may be said is the caller's to know (flow/reach.py), and is asked once more when it goes out (flow/last_look.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import outbox, transcript
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow.stations import AtDesk, desk_of, today
from hotline_bridge.messages import Channel, Message, Reply, Voice
from hotline_bridge.pagers import Pager
from hotline_bridge.replies.choices import Rendered
from hotline_bridge.replies.render import Renderer
from hotline_bridge.store import jobs, signals
from hotline_bridge.vault.sealing import Key


@dataclass(frozen=True, slots=True)
class Said:
    """message: as it goes out; shown: as pages show it, where that differs. author: the operator, or key: which text of ours.

    held: it waits for the person's word that it is safe. urgent: somebody may be in danger.
    own: the conversation's own key, for the question whether it is safe, which is told by that (flow/last_look.py).
    """

    message: Message = field(repr=False)
    shown: str | None = field(default=None, repr=False)
    author: UUID | None = None
    key: str | None = None
    held: bool = False
    urgent: bool = False
    own: Key | None = None


def rendered(stations: AtDesk, renderer: Renderer | None, reply: Reply, voice: Voice, channel: Channel) -> Rendered:
    """A reply as it stands today in this voice. renderer: None only where nothing is said at all."""
    assert renderer is not None
    return renderer.render(reply, voice, sms=channel.is_sms, today=today(stations))


async def to_person(stations: AtDesk, connection: AsyncConnection, row: Conversation, said: Said) -> UUID:
    """It waits to be sent, or for the person's word, and stands in what operators read; its id in the outbox."""
    key = await desk_of(stations).find_or_make(connection, row.id)
    made = await outbox.add(
        connection,
        conversation=row.id,
        channel=row.channel,
        message=said.message,
        key=said.own or key,
        sealed_by="conversation" if said.own else "desk",
        author=said.author,
        held=said.held,
        urgent=said.urgent,
    )
    await transcript.add(
        connection,
        row.id,
        key,
        speaker="operator" if said.author else "bot",
        text=said.message.text if said.shown is None else said.shown,
        key=said.key,
        author=said.author,
        outbox_id=made,
    )
    if not said.held:
        await jobs.defer(stations.store.queue, connection, jobs.DELIVER, row.id, urgent=said.urgent)
    await signals.send(connection, "said", row.id)
    return made


async def to_pager(
    stations: AtDesk, renderer: Renderer | None, connection: AsyncConnection, pager: Pager, key: str, *, urgent: bool = False
) -> None:
    """A loud line to an operator's pager. It is no conversation: nothing is written down."""
    text = rendered(stations, renderer, Reply(key), pager.voice, pager.channel).message.text
    await outbox.add(
        connection,
        conversation=pager.conversation,
        channel=pager.channel,
        message=Message(text, loud=True),
        key=await desk_of(stations).find_or_make(connection, pager.conversation),
        sealed_by="desk",
        urgent=urgent,
    )
    await jobs.defer(stations.store.queue, connection, jobs.DELIVER, pager.conversation, urgent=urgent)

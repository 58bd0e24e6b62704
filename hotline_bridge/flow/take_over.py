"""take_over: a supervisor takes a person from whoever has them. Nobody else may.

It is meant for a holder who does not react; the supervisor judges that, and the trail keeps from whom they took. The bot was
silent and stays so. The open page of whoever had the person says that they have them no more.
"""

from __future__ import annotations

from uuid import UUID

import structlog

from hotline_bridge.accounts import people
from hotline_bridge.errors import DeskError
from hotline_bridge.flow import trail
from hotline_bridge.flow.holding import locked
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import taking

log = structlog.get_logger(__name__)


async def take_over(stations: AtDesk, account: UUID, conversation: UUID) -> None:
    """All open tickets of the conversation go from their holder to `account`; taking over one's own does no harm.

    Raises DeskError("supervisor") for everybody who is none, DeskError("gone_back") where nobody has it.
    """
    async with transaction(stations.store.engine) as connection:
        holder = (await locked(connection, conversation)).operator_id
        if not await people.is_supervisor(connection, account):
            raise DeskError("supervisor", "only a supervisor takes a conversation from a colleague")
        if holder is None:
            raise DeskError("gone_back", "nobody has it any more; take it from the queue")
        if holder == account:
            return
        await taking.take_over(connection, conversation, account, holder)
        await trail.note(stations, connection, account, "taken_over", conversation, holder=holder)
    log.info("taken over", account=str(account))

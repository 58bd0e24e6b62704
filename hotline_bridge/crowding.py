"""Too many messages: from one address (whoever has it), and in one conversation. Buckets of tokens in the table `pace`.

Safety: a message that finds no token is stored, looked through for words of danger, obeyed, and given to an operator to read;
only ordinary answers end (flow/compose.py, tests/flow/test_crowding.py). Nobody in danger can be locked out by a thousand
messages from their own phone: what the lists of such words do not know, a human reads.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import pace

# So many at once; so many come back in a second. People write a question in five or ten pieces, and go on for an hour.
ADDRESS = (20, 1 / 3)
CONVERSATION = (120, 1 / 30)


async def has_room(connection: AsyncConnection, address: bytes, conversation: UUID) -> bool:
    """Count one message; whether it gets an ordinary answer. address: a keyed hash, which outlives being forgotten by an hour.

    Otherwise whoever deletes their data after every twentieth message would have no limit.
    """
    from_there = await pace.take(connection, f"from:{address.hex()}", *ADDRESS)
    return await pace.take(connection, key_of(conversation), *CONVERSATION) and from_there


def key_of(conversation: UUID) -> str:
    """The conversation's own bucket."""
    return f"in:{conversation}"

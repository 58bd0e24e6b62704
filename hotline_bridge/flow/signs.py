"""signs: what a self-check came to goes an hour after the last word, unless its writer has asked for a person by then.

They are kept so long only because the result offers a person, who should not have to ask it all again. Kept longer they would
make untrue what people are told before they answer (tests/flow/test_signs.py). Every part may be repeated without harm.
"""

from __future__ import annotations

from sqlalchemy import text

from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.store.engine import transaction

# While an operator is there the bot asks nothing and passes nothing on.
_OVER = """
    (c.operator_id IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM inbox
        WHERE conversation_id = c.id AND (status = 'waiting' OR received_at > now() - interval '1 hour')))
"""
# flow/self_check.py: the choice of a person carries them.
_BY_SMS = text(
    f"""
    UPDATE conversations AS c SET offered = (
        SELECT jsonb_agg(CASE WHEN choice LIKE 'operator/%' THEN 'operator' ELSE choice END ORDER BY place)
        FROM jsonb_array_elements_text(c.offered) WITH ORDINALITY AS x (choice, place))
    WHERE c.offered::text LIKE '%"operator/%' AND {_OVER}
    """
)
# bot/components/check_form.py: one number beside the questions that were put, which are open no longer either.
_IN_CHATS = text(
    f"""
    DELETE FROM dialogue.memory AS m USING conversations AS c
    WHERE c.id = m.conversation AND (m.state -> 'slots' ? 'check_signs' OR m.previous -> 'slots' ? 'check_signs') AND {_OVER}
    """
)


async def let_go(stations: AtDesk) -> int:
    """Drop those that nobody has asked to pass on; of how many conversations. Run every few minutes."""
    async with transaction(stations.store.engine, durable=False) as connection:
        return sum([(await connection.execute(one)).rowcount for one in (_BY_SMS, _IN_CHATS)])

"""./run.sh audit verify, on a real database."""

from __future__ import annotations

import asyncio
import base64
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from hotline_bridge import audit_order, bootstrap
from hotline_bridge.audit import Verdict
from hotline_bridge.errors import SettingError
from hotline_bridge.flow import trail
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.settings import Settings, load
from hotline_bridge.store.engine import transaction


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    keys = {name: base64.b64encode(name[:1].encode() * 32).decode() for name in ("KOMEK_MASTER_KEY", "KOMEK_DESK_KEY")}
    return load({"DATABASE_URL": database, "KOMEK_DATA": str(tmp_path), **keys})


async def note(settings: Settings, times: int) -> None:
    stations = bootstrap.for_orders(settings, bootstrap.database_url(settings))
    await unlock(stations.store.engine, stations.desk)
    for _ in range(times):
        async with transaction(stations.store.engine) as connection:
            await trail.note(stations, connection, None, "claimed")
    await stations.store.engine.dispose()


@pytest.fixture
def verify(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str]]]:
    def run(*seen: str) -> tuple[int, list[str]]:
        status = audit_order.run(settings, Namespace(seen=list(seen)))
        return status, capsys.readouterr().out.splitlines()

    return run


def test_an_empty_trail_is_said_to_be_empty(verify: Callable[..., tuple[int, list[str]]]) -> None:
    assert verify() == (0, ["Nothing has been written to the audit trail yet."])


def test_a_trail_that_holds_gives_a_mark_that_proves_it_later(
    settings: Settings, verify: Callable[..., tuple[int, list[str]]]
) -> None:
    asyncio.run(note(settings, 3))
    status, lines = verify()
    assert (status, lines[0]) == (0, "The audit trail holds: 3 rows.")
    mark = lines[1].rpartition(" ")[2]
    assert mark.startswith("3-")
    assert verify(mark)[0] == 0
    status, lines = verify("2-0123456789abcdef")
    assert (status, lines[0]) == (1, "THE AUDIT TRAIL DOES NOT HOLD. Row 2 was removed, perhaps others after it.")


def test_a_changed_row_is_named(settings: Settings, verify: Callable[..., tuple[int, list[str]]]) -> None:
    asyncio.run(note(settings, 3))
    with psycopg.connect(bootstrap.database_url(settings), autocommit=True) as connection:
        connection.execute("ALTER TABLE audit DISABLE TRIGGER USER")
        connection.execute("UPDATE audit SET action = 'lost' WHERE sequence = 2")
    status, lines = verify()
    assert (status, lines[0]) == (1, "THE AUDIT TRAIL DOES NOT HOLD. Row 2 was changed.")
    assert lines[1].startswith("It holds up to row 1: 1-")


def test_a_mark_that_is_none_is_refused_with_a_sentence(verify: Callable[..., tuple[int, list[str]]]) -> None:
    with pytest.raises(SettingError, match="A mark looks like"):
        verify("yesterday")


def test_of_a_shortened_trail_it_is_said_from_where_it_holds() -> None:
    lines = audit_order.told(Verdict(rows=2, last=40, link=bytes(32)))
    assert lines[0] == "The audit trail holds: 2 rows."
    assert lines[2] == "It begins with row 39: the 38 before were dropped by age, and a sealed mark stands for them."

"""Logs hold ids and states; never words, addresses, tokens or what was to be stored, even when an error quotes them."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy.exc
import structlog
from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask, inbound, made_vault
from sqlalchemy import text

from hotline_bridge.channels.base import Parsed
from hotline_bridge.errors import TryAgain
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.stations import Stations, Store
from hotline_bridge.serve import logs
from hotline_bridge.store.engine import transaction

SECRET = "geheim-77011234567-помогите"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged, each line from its JSON."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    structlog.reset_defaults()
    logs.configure("test")
    written = io.StringIO()
    root.handlers[0].setStream(written)  # type: ignore[attr-defined]

    def read() -> list[dict[str, Any]]:
        out, err = capsys.readouterr()
        assert SECRET not in out + err + written.getvalue()
        return [json.loads(line) for line in written.getvalue().splitlines()]

    yield read
    logging.raiseExceptions = True
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def fail() -> None:
    raise ValueError(SECRET)


def test_a_line_is_json_with_event_process_and_time(lines: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger("x").info("answered", turn="1")
    (line,) = lines()
    assert (line["event"], line["turn"], line["process"], line["level"]) == ("answered", "1", "test", "info")
    assert "timestamp" in line


def test_an_error_is_told_by_its_type_and_place_and_not_by_its_text(lines: Callable[[], list[dict[str, Any]]]) -> None:
    for log in (structlog.get_logger("x"), logging.getLogger("foreign")):
        try:
            fail()
        except ValueError:
            log.exception("it failed")
    found = lines()
    assert [(line["error"], line["at"].partition(":")[0]) for line in found] == [("ValueError", "fail")] * 2


def test_an_error_as_the_message_or_in_it_is_told_by_its_type(lines: Callable[[], list[dict[str, Any]]]) -> None:
    log = logging.getLogger("foreign")
    log.error(ValueError(SECRET))
    log.error("%s failed: %s", "a step", KeyError(SECRET))
    assert [line["event"] for line in lines()] == ["ValueError", "a step failed: KeyError"]


def test_a_chain_of_errors_does_not_leak_either(lines: Callable[[], list[dict[str, Any]]]) -> None:
    try:
        try:
            fail()
        except ValueError as inner:
            raise RuntimeError(f"because of {inner}") from inner
    except RuntimeError as error:
        structlog.get_logger("x").error("it failed", exc_info=error)
        logging.getLogger("foreign").error("it failed", exc_info=True, stack_info=True)
    assert len(lines()) == 2


async def test_a_task_whose_failure_nobody_looked_at_does_not_leak(lines: Callable[[], list[dict[str, Any]]]) -> None:
    async def failing() -> None:
        fail()

    task = asyncio.create_task(failing())
    await asyncio.wait([task])
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    )
    assert [line["event"] for line in lines()] == ["Task exception was never retrieved"]


async def test_what_was_to_be_stored_does_not_appear_when_the_database_fails(
    lines: Callable[[], list[dict[str, Any]]], store: Store
) -> None:
    try:
        async with transaction(store.engine) as connection:
            await connection.execute(text("SELECT cast(:words AS int)"), {"words": "1"})
            await connection.execute(text("INSERT INTO arrivals (channel, day) VALUES (:words, NULL)"), {"words": SECRET})
    except sqlalchemy.exc.DBAPIError as error:
        structlog.get_logger("x").exception("not stored", error=type(error).__name__)
    assert lines()[0]["error"] == "IntegrityError"


def test_a_line_that_cannot_be_written_appears_nowhere_else(lines: Callable[[], list[dict[str, Any]]]) -> None:
    full = io.StringIO()
    handler: Any = logging.getLogger().handlers[0]
    before = handler.setStream(full)
    full.close()
    try:
        fail()
    except ValueError:
        logging.getLogger("foreign").exception("it failed for %s", SECRET)
    handler.setStream(before)
    assert lines() == []


def test_libraries_that_log_addresses_are_quiet(lines: Callable[[], list[dict[str, Any]]]) -> None:
    for name in logs.QUIET:
        logging.getLogger(name).info("POST https://api.telegram.org/bot%s/sendMessage", SECRET)
        logging.getLogger(f"{name}.client").debug("%s", SECRET)
    assert lines() == []


async def test_a_whole_journey_logs_ids_and_states_only(lines: Callable[[], list[dict[str, Any]]], store: Store) -> None:
    channel = ScriptedChannel()
    channel.faults = [TryAgain("timeout")]
    stations = Stations(store, made_vault(), {channel.name: channel})
    await receive(stations, Parsed((inbound(SECRET, who=SECRET, number=SECRET, reference=SECRET),)))
    assert ScriptedAssistant().asked == []
    assert (await ask(stations, "SELECT count(*) AS n FROM inbox"))[0].n == 1
    assert [line["event"] for line in lines()] == ["received"]

"""One process in one role, from start to graceful stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp

from hotline_bridge import bootstrap
from hotline_bridge.channels.base import Parsed
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.messages import Channel
from hotline_bridge.serve import inner, webhooks
from hotline_bridge.settings import Settings
from hotline_bridge.tickets.paging import Patience

log = structlog.get_logger(__name__)


async def web(settings: Settings) -> None:
    """The internet's listener and, for a bot on a laptop, long polling."""
    stations = bootstrap.for_receiving(settings)
    await unlock(stations.store.engine, stations.vault)
    stop = _stop_on_signal()
    async with stations.store.queue.open_async():
        https = str(settings.komek_public_url).startswith("https://")
        servers = [_server(webhooks.app(stations, https=https), settings.komek_bind, settings.komek_port, stop)]
        if _has_inner():
            servers.append(_server(inner.app(stations.store), settings.komek_bind, settings.komek_inner_port, stop))
        await _run(stop, [s.serve() for s in servers], *_telegram(settings, stations))
    await _close(stations)


async def worker(settings: Settings) -> None:
    """Answer, deliver and what time brings."""
    from hotline_bridge.flow.notify import Outlet
    from hotline_bridge.serve import loops  # it brings the readers and catalogs along: only the worker pays for them

    stations = bootstrap.for_working(settings)
    await unlock(stations.store.engine, stations.vault, stations.desk)
    stop = _stop_on_signal()
    patience = Patience(
        timedelta(seconds=settings.komek_page_after_seconds), timedelta(seconds=settings.komek_page_again_seconds)
    )
    graceful = [loops.work(stations, settings.limits, stop, patience, Outlet(private=settings.webhooks_inside))]
    if _has_inner():
        graceful.append(_server(inner.app(stations.store), settings.komek_bind, settings.komek_inner_port, stop).serve())
    _warm(stations)
    log.info("worker ready")
    await _run(stop, graceful)
    await _close(stations)


def _warm(stations: Stations) -> None:
    """Use each reader once, so that the first person does not wait for what is built on first use."""
    assert stations.reading
    assert stations.anonymiser
    stations.reading.language.read("сәлем")
    stations.reading.danger.check("сәлем")
    stations.anonymiser.spans("сәлем")


async def console(settings: Settings) -> None:
    """The operators' listener; it also carries the trial phones when they are on."""
    from hotline_bridge.console.app import app

    stations = bootstrap.for_desk(settings)
    await unlock(stations.store.engine, stations.desk)
    if stations.phones:
        await unlock(stations.store.engine, stations.phones.vault)
    stop = _stop_on_signal()
    async with stations.store.queue.open_async():
        server = _server(app(settings, stations), settings.komek_bind, settings.komek_console_port, stop, patience=1)
        stations.renderer()  # so that the first page does not wait for all the texts to be read
        await _run(stop, [server.serve()])
    if stations.phones:
        await _close(stations.phones)
    await stations.store.engine.dispose()


def _telegram(settings: Settings, stations: Stations) -> list[Coroutine[Any, Any, None]]:
    channel: Any = stations.channels.get(Channel.TELEGRAM)
    if channel is None:
        return []
    if settings.telegram_mode == "webhook":
        return [_forever(lambda: channel.register_webhook(f"{str(settings.komek_public_url).rstrip('/')}/telegram"), once=True)]
    return [_forever(lambda: _poll(stations, channel))]


async def _poll(stations: Stations, channel: Any) -> None:
    """Long polling: a batch is confirmed to Telegram by the next call, so only after it was stored."""
    async with contextlib.aclosing(channel.poll()) as batches:
        async for parsed, _ in batches:
            await _take_in(stations, channel, parsed)


async def _take_in(stations: Stations, channel: Any, parsed: Parsed) -> None:
    await receive(stations, parsed)
    for one in parsed.inbound:
        await channel.acknowledge(one)
    for address in parsed.leave:
        await channel.leave(address)


async def _forever(step: Any, *, once: bool = False) -> None:
    """Repeat a step that may fail while the network or the database is away."""
    pause = 1.0
    while True:
        try:
            await step()
            if once:
                return
            pause = 1.0
        except Exception as error:
            log.error("telegram is out of reach", error=type(error).__name__, again_in=pause)
            await asyncio.sleep(pause)
            pause = min(60.0, pause * 2)


class _Server(uvicorn.Server):
    """A listener that ends when `stop` is set, after the requests that are under way."""

    def __init__(self, config: uvicorn.Config, stop: asyncio.Event) -> None:
        super().__init__(config)
        self._stop = stop

    async def serve(self, sockets: Any = None) -> None:
        """Until `stop`; then no new request, and up to 10 s for the others."""
        ending = asyncio.create_task(self._end())
        try:
            await super().serve(sockets)
        finally:
            ending.cancel()

    async def _end(self) -> None:
        await self._stop.wait()
        self.should_exit = True

    def install_signal_handlers(self) -> None:
        """Signals are ours."""

    def capture_signals(self) -> Any:
        """Signals are ours."""
        return contextlib.nullcontext()


def _server(app: ASGIApp, host: str, port: int, stop: asyncio.Event, patience: int = 10) -> _Server:
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=patience,
        lifespan="off",
    )
    return _Server(config, stop)


def _has_inner() -> bool:
    return os.environ.get("KOMEK_INNER") != "off"


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _run(stop: asyncio.Event, graceful: list[Coroutine[Any, Any, None]], *tasks: Coroutine[Any, Any, None]) -> None:
    """Run all until the signal. `graceful` ones see it themselves and get 25 s to end; a failure ends the process."""
    ending = [asyncio.ensure_future(t) for t in graceful]
    others = [asyncio.ensure_future(t) for t in tasks]
    for one in [*ending, *others]:
        one.add_done_callback(lambda t: stop.set() if t.cancelled() or t.exception() else None)
    await stop.wait()
    await asyncio.wait(ending, timeout=25)
    for one in [*ending, *others]:
        if not one.done():
            one.cancel()
    for failure in await asyncio.gather(*ending, *others, return_exceptions=True):
        if isinstance(failure, Exception):
            raise failure


async def _close(stations: Stations) -> None:
    for channel in stations.channels.values():
        await channel.close()
    if stations.assistant:
        await stations.assistant.close()
    await stations.store.engine.dispose()

"""The inner listener: health and metrics. Never on the internet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hotline_bridge import reckoning
from hotline_bridge.flow.stations import Store
from hotline_bridge.reckoning import Reckoning
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import paging


class _Reckoning:
    """The reckoning of every message as gauges, of the moment of the scrape."""

    def __init__(self, found: Reckoning, unclaimed: float) -> None:
        self._found = found
        self._unclaimed = unclaimed

    def collect(self) -> Iterator[Metric]:
        found = self._found
        messages = GaugeMetricFamily("komek_messages", "Every message ever received, by what became of it", labels=["outcome"])
        for outcome in ("received", "answered", "ticketed", "refused", "waiting"):
            messages.add_metric([outcome], getattr(found, outcome))
        yield messages
        yield GaugeMetricFamily("komek_messages_unaccounted", "Anything but 0 is an alarm", value=found.unaccounted)
        yield GaugeMetricFamily("komek_oldest_waiting_seconds", "Age of the oldest unanswered message", value=found.oldest)
        yield GaugeMetricFamily("komek_undelivered", "Messages that wait to be sent", value=found.undelivered)
        yield GaugeMetricFamily(
            "komek_danger_unclaimed_seconds", "Longest wait of somebody in danger whom no operator has", value=self._unclaimed
        )


def app(store: Store) -> Starlette:
    """GET /healthz: 200 when the database answers, else 503. GET /metrics: Prometheus."""

    async def healthz(request: Request) -> Response:
        try:
            async with transaction(store.engine) as connection:
                found = await reckoning.take(connection)
        except Exception as error:
            return JSONResponse({"ok": False, "database": type(error).__name__}, 503)
        return JSONResponse({"ok": found.unaccounted == 0, "waiting": found.waiting, "unaccounted": found.unaccounted})

    async def metrics(request: Request) -> Response:
        registry = CollectorRegistry()
        async with transaction(store.engine) as connection:
            unclaimed = await paging.longest_wait(connection, datetime.now(UTC))
            registry.register(_Reckoning(await reckoning.take(connection), unclaimed))
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            counters = b""
        else:
            counters = generate_latest(REGISTRY)
        return Response(generate_latest(registry) + counters, media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", healthz), Route("/metrics", metrics)])

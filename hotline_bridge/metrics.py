"""Counters for Prometheus, on the inner listener only. Labels are channels, states and codes; never ids, addresses or words."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

refused = Counter("komek_refused_total", "Calls to the internet's listener that were not stored", ["route", "why"])
stored = Histogram(
    "komek_stored_seconds",
    "From a provider's call to its stored row",
    ["route"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5),
)
sent = Counter("komek_sent_total", "Messages that a provider took", ["channel"])
send_failures = Counter("komek_send_failures_total", "Messages that a provider did not take", ["channel", "code"])
jobs = Histogram("komek_job_seconds", "Time a job took", ["task"], buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30))
pages = Counter("komek_pages_total", "Calls to operators' pagers because danger was unclaimed, by level", ["level"])

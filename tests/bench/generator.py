"""The load in a process of its own: python -m bench.generator reads a plan from its input and writes what came of it.

Open loop: each call has its moment, and is made then whether or not earlier ones were answered. Plan: {"base", "calls":
[{"at" (seconds from the start), "path", "headers", "body"}]}. Result: {"began" (the machine's monotonic clock), "busy" (own
share of one core), "calls": [{"late", "took" (both in seconds from the call's moment), "status" (0: no answer)}]}.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from typing import Any

import httpx

SECONDS = 20.0  # for one call
CONNECTIONS = 200


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Make all calls of the plan."""
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(base_url=plan["base"], limits=limits, timeout=SECONDS, trust_env=False) as client:
        began, worked = time.monotonic() + 0.2, time.process_time()
        under_way = []
        for call in plan["calls"]:
            await asyncio.sleep(max(0.0, began + call["at"] - time.monotonic()))
            under_way.append(asyncio.create_task(_call(client, call, began + call["at"])))
        done = await asyncio.gather(*under_way)
    busy = (time.process_time() - worked) / max(0.001, time.monotonic() - began)
    return {"began": began, "busy": busy, "calls": done}


async def _call(client: httpx.AsyncClient, call: dict[str, Any], moment: float) -> dict[str, Any]:
    late = time.monotonic() - moment
    try:
        response = await client.post(call["path"], headers=call["headers"], content=call["body"].encode())
        status = response.status_code
    except httpx.HTTPError:
        status = 0
    return {"late": late, "took": time.monotonic() - moment, "status": status}


def main() -> None:
    plan = json.load(sys.stdin)
    # A pause of the generator's own would be counted as Komek's.
    gc.collect()
    gc.disable()
    json.dump(asyncio.run(run(plan)), sys.stdout)


if __name__ == "__main__":
    main()

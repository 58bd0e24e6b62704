"""The pages that test_accessibility.py opens in Chromium: who is signed in, and the path. Add yours."""

from __future__ import annotations

PAGES: list[tuple[str | None, str]] = [
    (None, "/sign-in"),
    (None, "/invitation/{token}"),
    (None, "/invitation/used-up"),
    ("administrator", "/account"),
    ("administrator", "/people"),
    ("administrator", "/nowhere"),
    ("operator", "/queue?language=all&tab=all"),
    ("operator", "/queue?tab=mine&need=withheld"),
    ("operator", "/conversations/{conversation}"),
    ("operator", "/conversations/{later}"),
    ("supervisor", "/conversations/{conversation}"),
    ("supervisor", "/reveals"),
    ("operator", "/conversations/{conversation}/lines/{line}/misunderstood"),
    ("supervisor", "/suggestions"),
    ("operator", "/referrals"),
    ("operator", "/conversations/{conversation}/refer"),
    ("operator", "/decision-times"),
    ("supervisor", "/figures"),
    ("auditor", "/figures/months?first={first}&last={last}"),
    ("operator", "/figures"),
    ("administrator", "/api-access"),
    ("auditor", "/audit"),
    ("supervisor", "/shifts"),
    ("operator", "/shifts"),
    ("operator", "/ready-replies"),
    ("operator", "/organisations"),
    ("operator", "/contacts"),
    ("auditor", "/facts?show=all"),
]

"""The pages that test_accessibility.py opens in Chromium: who is signed in, and the path. Add yours."""

from __future__ import annotations

PAGES: list[tuple[str | None, str]] = [
    (None, "/sign-in"),
    (None, "/invitation/{token}"),
    (None, "/invitation/used-up"),
    ("administrator", "/account"),
    ("administrator", "/people"),
    ("administrator", "/nowhere"),
    ("supervisor", "/reveals"),
    ("operator", "/referrals"),
    ("auditor", "/audit"),
    ("supervisor", "/shifts"),
    ("operator", "/shifts"),
    ("operator", "/ready-replies"),
    ("operator", "/organisations"),
    ("operator", "/contacts"),
    ("auditor", "/facts?show=all"),
]

"""The command line's part for custody: what may be ordered. What an order needs is imported when it is carried out."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from hotline_bridge.settings import Settings

Run = Callable[[Settings, argparse.Namespace], int]
KEYS = {
    "show": "the ids of the keys and how many conversations each one wraps",
    "rotate": "put a new key into force while Komek runs; the same order ends a rotation that was broken off",
    "retire": "let go of the keys that nothing needs any more",
    "export": "copy the keys to a folder in a place apart",
}


def add_to(add: Callable[[str, Run, str], argparse.ArgumentParser]) -> None:
    """Add custody's commands; `add` takes name, step and what it is about."""
    about_keys = "the keys above all others: the master keys (words as typed, addresses) and the desk's"
    keys = add("keys", _keys, about_keys).add_subparsers(dest="order", required=True)
    for name, about in KEYS.items():
        order = keys.add_parser(name, help=about, description=about)
        if name == "export":
            order.add_argument("folder")
        else:
            order.add_argument("ring", nargs="?", choices=("master", "desk"), help="one of the two; both when left out")


def _keys(settings: Settings, given: argparse.Namespace) -> int:
    from hotline_bridge.custody import keys

    return keys.run(settings, given)

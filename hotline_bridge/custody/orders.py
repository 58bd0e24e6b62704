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
    backup = add("backup", _backup, "copy the words and the keys, sealed and apart, while Komek runs or not")
    backup.add_argument("folder")
    backup.add_argument("--only", choices=("words", "keys"), help="one of the two parts; both when left out")
    restore = add("restore", _restore, "put a copy back into an empty database")
    restore.add_argument("folder")
    restore.add_argument("--words", metavar="FILE", help="which copy of the words; the newest when left out")
    restore.add_argument("--keys", metavar="FILE", help="which copy of the keys; the newest when left out")


def _backup(settings: Settings, given: argparse.Namespace) -> int:
    from hotline_bridge.custody import backup

    return backup.run(settings, given)


def _restore(settings: Settings, given: argparse.Namespace) -> int:
    from hotline_bridge.custody import restore

    return restore.run(settings, given)


def _keys(settings: Settings, given: argparse.Namespace) -> int:
    from hotline_bridge.custody import keys

    return keys.run(settings, given)

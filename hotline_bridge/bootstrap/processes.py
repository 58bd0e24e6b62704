"""Which process holds what: each asks for what its role may have, and for nothing else.

`serve` and the orders of custody, which make, copy and rotate the keys, take both safes from safes.py themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hotline_bridge.bootstrap.database import store, store_of_one
from hotline_bridge.bootstrap.folders import anonymiser, cry_lists, language_reader, lists, reading, renderer
from hotline_bridge.bootstrap.providers import channels
from hotline_bridge.bootstrap.safes import desk, vault
from hotline_bridge.flow.stations import DeskStations, Stations, Store
from hotline_bridge.settings import PROJECT, Settings

if TYPE_CHECKING:
    from hotline_bridge.action_api import ActionApi

T = TypeVar("T")


def for_receiving(settings: Settings, nlu: Path = PROJECT / "nlu") -> Stations:
    """web: store what arrives, words of danger before the others."""
    return _receiving(settings, store(settings, connections=8), nlu)


def for_working(settings: Settings) -> Stations:
    """worker: answer, deliver, forget."""
    from hotline_bridge.assistant import Assistant

    return Stations(
        store(settings, connections=16, ping=False),
        vault(settings),
        channels(settings),
        reading=reading(),
        anonymiser=anonymiser(),
        assistant=Assistant(settings.komek_rasa_url),
        renderer=renderer(settings),
        desk=desk(settings),
    )


def for_desk(settings: Settings, nlu: Path = PROJECT / "nlu") -> DeskStations:
    """console: what operators may read, under the desk's key alone. Only for the trial phones it opens the vault."""
    opened = store(settings, connections=8)
    return DeskStations(
        opened,
        desk(settings),
        renderer=_once(lambda: renderer(settings)),
        language=_once(lambda: language_reader(nlu)),
        anonymiser=_once(anonymiser),
        phones=_receiving(settings, opened, nlu) if settings.trial else None,
        lists=_once(lists),
    )


def for_actions(settings: Settings) -> ActionApi:
    """actions: open a ticket and say what became of it, with no key."""
    from hotline_bridge.action_api import ActionApi

    return ActionApi(store(settings, connections=4))


def for_orders(settings: Settings, url: str) -> DeskStations:
    """The command line's orders to the desk, such as an invitation: one connection to the database at `url`, nothing else."""
    return DeskStations(store_of_one(url), desk(settings))


def _receiving(settings: Settings, opened: Store, nlu: Path) -> Stations:
    return Stations(opened, vault(settings), channels(settings), alarm=cry_lists(nlu))


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """`make` at the first call, whichever thread is first; the same thing from then on."""
    made: list[T] = []
    lock = threading.Lock()

    def get() -> T:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get

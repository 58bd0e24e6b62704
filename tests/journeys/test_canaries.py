"""Nobody can tell who wrote: planted identifiers go through everything that Komek does, and are then looked for in every byte.

One installation lives through the whole story (story.py, staff.py, faults.py). Then all its files, dumps, logs, measures and
signals are read, and a thief with everything that is left tries every key on every sealed value (intruder.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from journeys import faults, staff, story
from journeys.canaries import Finding, Plant, Search
from journeys.house import House, house
from journeys.identifiers import EVERYBODY, PLANTED
from journeys.intruder import Loot, keys_in, stolen

from hotline_bridge.store.tables import parts

CONTROL = Plant("control", "Назокатбегим 7015559900")
# The control is written into one of each kind of place: a search that did not find it there would have found nobody there.
KINDS = {
    "the database's tables": "postgres/base/", "its log of writes": "postgres/pg_wal/", "its server's log": "postgres/log",
    "a dump": "everybody forgotten: public.control", "its signals": "signals", "the processes' log": "data/log",
    "the data folder": "data/control", "temporary files": "temp/", "copies": "copies/", "measures": "metrics",
}  # fmt: skip


@dataclass
class Lived:
    """The installation after everything, and what a thief had at each moment."""

    house: House
    before: Loot  # everybody is known, and the keys are there
    after: Loot  # everybody is forgotten
    restored: Loot  # the words' copy of before, put back with the keys' copy of after
    rotated: list[bytes]  # the keys above all others, after they were changed


@pytest.fixture(scope="module")
def lived() -> Iterator[Lived]:
    """The story, once."""
    with house() as here:
        staff.takes_up_the_console(here)
        found = story.everybody_writes(here)
        staff.operators_work(here, found["Gulbahor"])
        faults.strangers_knock(here)
        faults.providers_fail(here)
        faults.processes_and_database_fail(here)
        here.measures("in the middle")
        here.dump("everybody known")
        copies = here.folder / "copies"
        here.order("backup", str(copies))
        before = loot(here)
        story.two_delete_their_data(here, found)
        faults.the_assistant_dies(here)
        story.the_others_are_forgotten(here)
        after = loot(here)
        restored = put_back(here, copies)
        here.order("keys", "rotate")
        here.order("keys", "retire")
        leave_controls(here)
        here.measures("at the end")
        here.dump("everybody forgotten")
        yield Lived(here, before, after, restored, keys_in(here.data))


def loot(here: House) -> Loot:
    """The whole database, and the keys beside it."""
    taken = stolen(here.url)
    taken.masters = keys_in(here.data)
    return taken


def put_back(here: House, copies: Path) -> Loot:
    """What can be stolen where the old words were put back with new keys."""
    here.order("backup", str(copies), "--only", "keys")
    here.system.do("CREATE DATABASE there")
    url, data = here.url.replace("/postgres?", "/there?"), here.folder / "there"
    data.mkdir()
    for name in ("master.key", "desk.key"):
        (data / name).write_bytes((here.data / name).read_bytes())
    here.order("restore", str(copies), DATABASE_URL=url, KOMEK_DATA=str(data))
    here.dump("put back", url)
    taken = stolen(url)
    taken.masters = keys_in(data)
    return taken


def leave_controls(here: House) -> None:
    """What must be found, in one of each kind of place."""
    words = str(CONTROL.words)
    for path in ("data/control", "temp/control", "copies/control"):
        (here.folder / path).write_text(words, "utf-16-le")
    with here.system.log.open("a") as log:
        log.write(f'{{"event": "{words}"}}\n')
    here.told["metrics, control"] = f'komek_control{{who="{words}"}} 1'.encode()
    with psycopg.connect(here.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE control AS SELECT %s::text AS words", [words])
        connection.execute("SELECT pg_notify('komek_desk', %s)", [words])
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")


@pytest.fixture(scope="module")
def findings(lived: Lived) -> list[Finding]:
    """Everything that stands in clear in any byte."""
    search = Search([*PLANTED, *lived.house.secrets, CONTROL])
    return [one for place, content in lived.house.files() for one in search.in_bytes(place, content)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_control_is_found_in_each_kind_of_place(findings: list[Finding], kind: str) -> None:
    assert [one for one in findings if one.plant == CONTROL.name and one.place.startswith(KINDS[kind])]


def test_no_planted_identifier_stands_in_clear_in_any_byte(findings: list[Finding]) -> None:
    found = [one for one in findings if one.plant != CONTROL.name]
    assert not found, f"{len(found)} findings\n" + "\n".join(map(str, found[:40]))


def read_by(thief: Loot) -> set[str]:
    """Whose things a thief can read."""
    found = Search(PLANTED).in_bytes("loot", thief.readable())
    return {one.plant.partition(":")[0] for one in found}


def test_with_the_keys_everything_opens_and_once_forgotten_nothing_does(lived: Lived) -> None:
    assert read_by(lived.before) == {who.name for who in EVERYBODY}
    assert read_by(lived.after) == set()


def test_old_words_with_new_keys_tell_nothing_of_the_forgotten(lived: Lived) -> None:
    words = {f"{table}." for table in parts.words()}
    kept = {place: values for place, values in lived.before.sealed.items() if place.rpartition(".")[0] + "." in words}
    assert sum(map(len, kept.values())) > 100
    assert read_by(Loot(kept) | lived.after) == set()
    assert read_by(lived.restored) == set()


def test_what_deleting_leaves_behind_opens_until_the_keys_are_changed_and_then_no_more(lived: Lived) -> None:
    """Freed pages and the log of writes still hold every wrapped key: as much as was in the database before."""
    assert read_by(Loot(lived.before.sealed, lived.after.masters)) == {who.name for who in EVERYBODY}
    left = Loot(lived.before.sealed) | stolen(lived.house.url) | Loot({}, lived.rotated)
    assert read_by(left) == set()


def test_no_process_may_leave_its_memory_in_a_file(lived: Lived) -> None:
    running = lived.house.system.running
    assert running.keys() == {"web", "worker", "console"}
    for name, process in running.items():
        limits = Path(f"/proc/{process.pid}/limits")
        if limits.exists():  # Linux
            line = next(line for line in limits.read_text().splitlines() if line.startswith("Max core file size"))
            assert line.split()[4:6] == ["0", "0"], name

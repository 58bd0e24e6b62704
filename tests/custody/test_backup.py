"""Copies of a real database and their way back: with the keys everything is readable, without them nothing is."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fakes_bridge import inbound

from hotline_bridge import bootstrap
from hotline_bridge.channels.base import Parsed
from hotline_bridge.custody import age, backup, part, restore, sealed_file, tools
from hotline_bridge.errors import NotNow, SettingError
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.rotate import retire, rotate
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.messages import Channel
from hotline_bridge.settings import Settings, load
from hotline_bridge.store import migrate
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.tables import metadata, parts

WORDS = "паспорт забрали"


@dataclass
class Installation:
    """A database and a data folder, as a process of Komek has them."""

    url: str
    data: Path
    copies: Path
    days: int = 0
    more: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return load({"DATABASE_URL": self.url, "KOMEK_DATA": str(self.data), "KOMEK_TRIAL": "off", **self.more})

    def do(self, step: Any) -> Any:
        """Run `step(stations)` as a process that has just started."""

        async def run() -> Any:
            stations = replace(bootstrap.for_receiving(self.settings), desk=bootstrap.desk(self.settings))
            try:
                await unlock(stations.store.engine, stations.vault, stations.desk)
                async with stations.store.queue.open_async():
                    return await step(stations)
            finally:
                await stations.store.engine.dispose()

        return asyncio.run(run())

    def writes(self, *who: str) -> None:
        async def step(stations: Stations) -> None:
            for one in who:
                await receive(stations, Parsed((inbound(f"{WORDS} {one}", who=one),)))

        self.do(step)

    def reads(self) -> dict[str, str]:
        """Address -> words of everybody who can be read."""

        async def step(stations: Stations) -> dict[str, str]:
            found = {}
            async with transaction(stations.store.engine) as connection:
                for row in await connection.execute(metadata.tables["inbox"].select()):
                    key = await stations.vault.key(connection, row.conversation_id)
                    address = await stations.vault.address(connection, row.conversation_id, key)
                    found[address] = key.open(f"inbox:{row.id}", row.sealed_text)
                    again = await stations.vault.find_or_make(connection, Channel.TELEGRAM, address)
                    assert again.conversation == row.conversation_id
            return found

        found: dict[str, str] = self.do(step)
        return found

    def forgets(self, who: str) -> None:
        async def step(stations: Stations) -> None:
            async with transaction(stations.store.engine) as connection:
                known = await stations.vault.find_or_make(connection, Channel.TELEGRAM, who)
            await forget(stations, known.conversation)

        self.do(step)

    def backup(self, *only: str) -> None:
        """The copies of another day each time."""
        self.days += 1
        vault, desk = bootstrap.vault(self.settings), bootstrap.desk(self.settings)
        moment = datetime(2026, 12, self.days, 3, tzinfo=UTC)
        backup.copy(self.url, vault, desk, self.copies, list(only) or ["words", "keys"], moment)

    def restore(self, **chosen: str | None) -> int:
        return restore.run(self.settings, argparse.Namespace(folder=str(self.copies), words=None, keys=None, **chosen))

    def ask(self, query: str) -> list[Any]:
        with psycopg.connect(self.url) as connection:
            return [row[0] for row in connection.execute(query.encode())]


@pytest.fixture
def here(database: str, tmp_path: Path) -> Installation:
    return Installation(database, tmp_path / "data", tmp_path / "copies")


@pytest.fixture
def there(empty_database: str, here: Installation, tmp_path: Path) -> Installation:
    """Another machine, with an empty database."""
    new = Installation(empty_database, tmp_path / "new", here.copies)
    new.data.mkdir()
    return new


def moved_keys(here: Installation, there: Installation) -> None:
    for name in ("master.key", "desk.key"):
        (there.data / name).write_bytes((here.data / name).read_bytes())


# --- what is in a copy ---


def test_every_table_is_in_one_copy_or_none_and_whatever_wraps_is_with_the_keys() -> None:
    tables = {f"{t.schema or 'public'}.{t.name}": t for t in metadata.sorted_tables}
    apart = {n if "." in n else f"public.{n}" for n in (*parts.KEYS, *parts.NOT_COPIED)}
    assert apart <= tables.keys()
    assert set(parts.words()) == tables.keys() - apart
    for name in parts.words():
        assert "wrapped" not in tables[name].columns
        assert not name.startswith("vault.")


def test_neither_copy_holds_words_addresses_or_keys_in_clear(here: Installation) -> None:
    here.writes("+77010000001")
    here.backup()
    secrets = [(here.data / name).read_text().strip().encode() for name in ("master.key", "desk.key")]
    for file in here.copies.rglob("*.komek"):
        content = file.read_bytes()
        assert not [s for s in (WORDS.encode(), b"77010000001", b"PGDMP", b"inbox", *secrets) if s in content]


def test_the_copy_of_the_words_holds_no_key_even_when_it_is_opened(here: Installation) -> None:
    here.writes("+77010000001")
    here.backup()
    vault = bootstrap.vault(here.settings)
    here.do(lambda stations: unlock(stations.store.engine, vault))
    with (here.copies / "words" / "words-2026-12-01T030000Z.komek").open("rb") as file:
        content = b"".join(sealed_file.unseal(vault.root.derive("words"), "words", file))
    assert b"PGDMP" in content
    for column, table in (("wrapped", "vault.keys"), ("address_hash", "vault.identities"), ("wrapped", "vault.secrets")):
        for value in here.ask(f"SELECT {column} FROM {table}"):
            assert bytes(value) not in content
            assert bytes(value).hex().encode() not in content


def test_both_copies_are_of_one_moment(
    here: Installation, monkeypatch: pytest.MonkeyPatch, there: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    here.writes("1")
    really = tools.dump

    def meanwhile(*given: Any) -> Iterator[bytes]:
        here.writes("2")  # after the moment and before the rows are read
        yield from really(*given)

    monkeypatch.setattr(tools, "dump", meanwhile)
    here.backup()
    monkeypatch.undo()
    moved_keys(here, there)
    assert there.restore() == 0
    assert there.reads() == {"1": f"{WORDS} 1"}
    assert "\n0 conversations were forgotten since, or have no key" in capsys.readouterr().out


def test_a_copy_is_not_made_into_the_data_folder(here: Installation) -> None:
    here.data.mkdir()
    with pytest.raises(NotNow, match="inside the data folder"):
        backup.run(here.settings, argparse.Namespace(folder=str(here.data / "copies"), only=None))


def test_old_copies_are_let_go_of_by_their_own_clocks(here: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    here.writes("1")
    vault, desk = bootstrap.vault(here.settings), bootstrap.desk(here.settings)
    for days in (31, 4):
        backup.copy(here.url, vault, desk, here.copies, ["words", "keys"], datetime.now(UTC) - timedelta(days=days))
    assert backup.run(here.settings, argparse.Namespace(folder=str(here.copies), only=None)) == 0
    assert len(part.listed(here.copies, "words")) == 2
    assert len(part.listed(here.copies, "keys")) == 1
    assert age.warnings(here.data, timedelta(days=3), datetime.now(UTC) + timedelta(days=4))
    said = capsys.readouterr().out
    assert said.count("Older than 30 days and let go of: words-") == 1
    assert said.count("Older than 3 days and let go of: keys-") == 2


# --- the way back ---


def test_with_the_keys_everything_is_readable_again_and_the_numbers_go_on(here: Installation, there: Installation) -> None:
    here.writes("1", "2", "3")
    here.backup()
    moved_keys(here, there)
    assert there.restore() == 0
    assert there.reads() == {n: f"{WORDS} {n}" for n in "123"} == here.reads()
    there.writes("1")
    assert there.ask("SELECT count(*) FROM conversations") == [3]
    assert there.ask("SELECT position FROM inbox ORDER BY received_at DESC LIMIT 1") == [2]
    assert migrate.revision(there.url) == migrate.newest()


def test_a_first_start_on_the_new_machine_is_no_obstacle(here: Installation, there: Installation) -> None:
    here.writes("1")
    here.backup()
    moved_keys(here, there)
    migrate.upgrade(there.url)
    there.do(lambda stations: asyncio.sleep(0))  # starts, and makes roots of its own
    assert there.restore() == 0
    assert there.reads() == {"1": f"{WORDS} 1"}


def test_without_the_copy_of_the_keys_nothing_comes_back(here: Installation, there: Installation) -> None:
    here.writes("1")
    here.backup("words")
    moved_keys(here, there)
    with pytest.raises(NotNow, match=r"no such copy of the keys in .*Both parts are needed"):
        there.restore()
    assert migrate.revision(there.url) is None


def test_without_the_master_key_nothing_comes_back_and_it_is_said_which_one_is_needed(
    here: Installation, there: Installation
) -> None:
    here.writes("1")
    here.backup()
    needed = bootstrap.vault(here.settings).ring.newest.id
    with pytest.raises(NotNow, match=f"opens with the master key {needed}, and master.key in the data folder does not hold it"):
        there.restore()
    assert migrate.revision(there.url) is None


def test_without_the_desks_key_nothing_comes_back(here: Installation, there: Installation) -> None:
    here.writes("1")
    here.backup()
    moved_keys(here, there)
    (there.data / "desk.key").unlink()
    with pytest.raises(NotNow, match=r"desk\.key in the data folder lacks the key"):
        there.restore()
    assert migrate.revision(there.url) is None


def test_who_was_forgotten_between_the_words_and_the_newer_keys_stays_forgotten(
    here: Installation, there: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    here.writes("1", "2")
    here.backup()
    here.forgets("1")
    here.writes("3")
    here.backup("keys")
    moved_keys(here, there)
    assert there.restore() == 0
    assert there.reads() == {"2": f"{WORDS} 2"}
    assert "1 conversations were forgotten since" in capsys.readouterr().out
    assert there.ask("SELECT count(*) FROM vault.identities") == [1]  # nor is anybody known without words
    assert there.ask("SELECT (SELECT count(*) FROM arrivals) - (SELECT count(*) FROM inbox) - sum(messages) FROM departures") == [
        0
    ]


def test_with_keys_as_old_as_the_words_the_forgotten_come_back_which_is_why_they_are_kept_for_days(
    here: Installation, there: Installation
) -> None:
    here.writes("1")
    here.backup()
    here.forgets("1")
    moved_keys(here, there)
    assert there.restore() == 0
    assert there.reads() == {"1": f"{WORDS} 1"}


def test_words_of_later_than_the_keys_lose_who_came_between(here: Installation, there: Installation) -> None:
    here.writes("1")
    here.backup("keys")
    here.writes("2")
    here.backup("words")
    moved_keys(here, there)
    assert there.restore() == 0
    assert there.reads() == {"1": f"{WORDS} 1"}


def test_a_copy_is_chosen_by_its_name(here: Installation, there: Installation) -> None:
    here.writes("1")
    here.backup()
    here.writes("2")
    here.backup()
    moved_keys(here, there)
    chosen = argparse.Namespace(folder=str(here.copies), words="words-2026-12-01T030000Z", keys="keys-2026-12-01T030000Z.komek")
    assert restore.run(there.settings, chosen) == 0
    assert there.reads() == {"1": f"{WORDS} 1"}
    with pytest.raises(NotNow, match="there are: words-2026-12-01"):
        restore.run(there.settings, argparse.Namespace(folder=str(here.copies), words="words-x", keys=None))


def test_after_a_rotation_old_copies_of_keys_open_until_the_old_key_is_let_go_of(here: Installation, there: Installation) -> None:
    here.writes("1")
    here.backup()
    here.do(lambda stations: rotate(stations.store.engine, stations.vault))
    moved_keys(here, there)
    assert there.restore() == 0
    assert there.reads() == {"1": f"{WORDS} 1"}
    here.do(lambda stations: retire(stations.store.engine, stations.vault))
    moved_keys(here, there)
    with pytest.raises(NotNow, match="opens with the master key"):
        there.restore()


def test_a_database_with_rows_is_not_written_over(here: Installation) -> None:
    here.writes("1")
    here.backup()
    with pytest.raises(NotNow, match=r"The database is not empty \("):
        here.restore()
    assert here.reads() == {"1": f"{WORDS} 1"}


def test_words_and_keys_of_two_installations_are_not_mixed(here: Installation, there: Installation, tmp_path: Path) -> None:
    here.writes("1")
    here.backup()
    moved_keys(here, there)
    migrate.upgrade(there.url)
    there.copies = tmp_path / "others"
    there.writes("2")
    there.backup("words")
    there.ask("SELECT 1")
    there.copies = here.copies
    for file in (tmp_path / "others" / "words").iterdir():
        (here.copies / "words" / file.name.replace("12-01", "12-02")).write_bytes(
            file.read_bytes().replace(b"words-2026-12-01", b"words-2026-12-02").replace(b"2026-12-01T", b"2026-12-02T")
        )
    with pytest.raises(NotNow, match="not of the same installation"):
        there.restore()


def test_a_copy_from_before_the_workers_first_start_can_be_put_back(here: Installation, there: Installation) -> None:
    async def received() -> None:
        stations = bootstrap.for_receiving(here.settings)
        await unlock(stations.store.engine, stations.vault)  # web was up, and nobody who opens the desk
        async with stations.store.queue.open_async():
            await receive(stations, Parsed((inbound(f"{WORDS} 1", who="1"),)))
        await stations.store.engine.dispose()

    asyncio.run(received())
    assert here.ask("SELECT name FROM desk_secrets") == []
    here.backup()
    moved_keys(here, there)
    assert there.restore() == 0
    assert there.reads() == {"1": f"{WORDS} 1"}
    assert here.reads() == there.reads(), "the worker starts with what the backup made"


def test_a_copy_needs_no_key_of_a_desk_that_has_its_root(here: Installation) -> None:
    here.writes("1")
    (here.data / "desk.key").rename(here.data / "apart")
    here.backup()
    assert not (here.data / "desk.key").exists()


def test_a_restore_that_was_broken_off_is_found_by_the_next_start(
    here: Installation, there: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.writes("1")
    here.backup()
    moved_keys(here, there)

    async def dies(stations: Stations) -> Any:
        await stations.store.engine.dispose()
        raise ConnectionError

    monkeypatch.setattr(restore, "_settled", dies)
    with pytest.raises(ConnectionError):
        there.restore()
    with pytest.raises(SettingError, match="being put back into this database, and that was broken off"):
        there.reads()
    monkeypatch.undo()
    with pytest.raises(NotNow, match="not empty"):
        there.restore()


def test_a_copy_of_words_that_breaks_in_the_middle_leaves_no_row(
    here: Installation, there: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.writes("1")
    here.backup()
    moved_keys(here, there)
    really = sealed_file.unseal

    def breaks(key: bytes, name: str, given: Any) -> Iterator[bytes]:
        for piece in really(key, name, given):
            yield piece if name == "keys" else piece[: len(piece) // 2]
            if name == "words":
                raise NotNow("The copy does not open")

    monkeypatch.setattr(sealed_file, "unseal", breaks)
    with pytest.raises(NotNow, match="does not open"):
        there.restore()
    assert there.ask("SELECT count(*) FROM conversations") == [0]


def test_tools_that_are_older_than_the_server_are_refused_with_a_sentence(
    here: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "_version", lambda path: 12)
    here.writes("1")
    with pytest.raises(NotNow, match=r"pg_dump of version \d+ or newer is needed for this database server, only 12 is here"):
        here.backup()
    assert list(here.copies.rglob("*.komek")) == []

"""Which key is in force, on a real database: for processes that agree, that lag behind, and that have the wrong key."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fakes_bridge import ask

from hotline_bridge.desk import Desk
from hotline_bridge.errors import SettingError
from hotline_bridge.flow.rotate import retire, rotate
from hotline_bridge.flow.stations import Store
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.messages import Channel
from hotline_bridge.store import engine, roles
from hotline_bridge.store.engine import transaction
from hotline_bridge.vault import ring
from hotline_bridge.vault.identities import Known, Vault
from hotline_bridge.vault.master import MasterKey
from hotline_bridge.vault.ring import Ring
from hotline_bridge.vault.safe import Batch, Census, Safe

MASTER = "KOMEK_MASTER_KEY", "master.key"
OLD, NEW = MasterKey(b"\x01" * 32), MasterKey(b"\x02" * 32)


def with_keys(*keys: MasterKey) -> Vault:
    """A process that was started with these."""
    return Vault(Ring("KOMEK_MASTER_KEY", keys))


def in_folder(folder: Path) -> Vault:
    """A process that takes them from the data folder."""
    return Vault(ring.load(None, None, folder, *MASTER))


async def opened(store: Store, vault: Vault) -> Vault:
    await unlock(store.engine, vault)
    return vault


async def find(store: Store, vault: Vault, address: str = "+77010000001") -> Known:
    async with transaction(store.engine) as connection:
        return await vault.find_or_make(connection, Channel.TWILIO, address)


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def masters(store: Store) -> list[str]:
    return [row.master for row in await ask(store, "SELECT master FROM vault.keys ORDER BY conversation_id")]


# --- opening ---


async def test_the_first_start_makes_a_key_and_a_root_and_the_next_finds_both(store: Store, tmp_path: Path) -> None:
    first = await opened(store, in_folder(tmp_path))
    again = await opened(store, in_folder(tmp_path))
    assert first.root == again.root
    assert first.derive("totp") == again.derive("totp")
    assert (await find(store, first)).conversation == (await find(store, again)).conversation


async def test_processes_that_start_at_once_agree(store: Store, tmp_path: Path) -> None:
    vaults = await asyncio.gather(*(opened(store, in_folder(tmp_path)) for _ in range(6)))
    assert len({v.root.raw for v in vaults}) == 1
    assert len({v.ring.newest.id for v in vaults}) == 1


@pytest.mark.parametrize(("process", "safe"), [("web", "vault"), ("worker", "vault"), ("worker", "desk"), ("console", "desk")])
async def test_each_process_opens_its_own_under_its_own_role_whoever_is_first(
    database: str, tmp_path: Path, process: str, safe: str
) -> None:
    for _ in range(2):
        made = engine.create(roles.as_role(database, process), size=1)
        opened = in_folder(tmp_path) if safe == "vault" else Desk(ring.load(None, None, tmp_path, "KOMEK_DESK_KEY", "desk.key"))
        await unlock(made, opened)
        await made.dispose()


async def test_a_wrong_key_is_explained_and_nothing_is_changed(store: Store) -> None:
    known = await find(store, await opened(store, with_keys(OLD)))
    before = await ask(store, "SELECT * FROM vault.secrets")
    with pytest.raises(SettingError) as wrong:
        await opened(store, with_keys(NEW))
    said = str(wrong.value)
    assert f"under the key {OLD.id}, and KOMEK_MASTER_KEY holds {NEW.id} instead" in said
    assert "Put the right key there" in said
    assert "nobody can read what it wraps" in said
    assert await ask(store, "SELECT * FROM vault.secrets") == before
    assert (await find(store, await opened(store, with_keys(OLD)))).conversation == known.conversation


async def test_a_lost_key_file_is_explained_and_no_new_key_takes_its_place(store: Store, tmp_path: Path) -> None:
    await opened(store, in_folder(tmp_path))
    (tmp_path / "master.key").unlink()
    with pytest.raises(SettingError, match=r"master\.key in the data folder is missing\. Nothing was changed"):
        await opened(store, in_folder(tmp_path))
    assert not files_in(tmp_path)


async def test_keys_of_conversations_without_a_root_are_no_new_database(store: Store, tmp_path: Path) -> None:
    await find(store, await opened(store, with_keys(OLD)))
    await ask(store, "DELETE FROM vault.secrets")
    for vault in (with_keys(NEW), in_folder(tmp_path)):
        with pytest.raises(SettingError, match=f"under the key {OLD.id}"):
            await opened(store, vault)
    assert not files_in(tmp_path)


# --- changing ---


async def test_after_a_rotation_everything_is_under_the_new_key_and_all_is_found_as_before(store: Store, tmp_path: Path) -> None:
    vault = await opened(store, in_folder(tmp_path))
    before = [await find(store, vault, f"+7701000000{n}") for n in range(5)]
    code, totp = vault.fingerprint("ticket", "1"), vault.derive("totp")
    done = await rotate(store.engine, vault)
    assert (done.changed, done.broken, done.key) == (5, 0, vault.ring.newest.id)
    assert set(await masters(store)) == {done.key}
    fresh = await opened(store, in_folder(tmp_path))
    after = [await find(store, fresh, f"+7701000000{n}") for n in range(5)]
    assert [(k.conversation, k.key) for k in after] == [(k.conversation, k.key) for k in before]
    assert (fresh.fingerprint("ticket", "1"), fresh.derive("totp")) == (code, totp)


async def test_with_the_old_key_alone_nothing_opens_any_more(store: Store, tmp_path: Path) -> None:
    vault = await opened(store, in_folder(tmp_path))
    known, old = await find(store, vault), vault.ring.newest
    await rotate(store.engine, vault)
    thief = with_keys(old)
    with pytest.raises(SettingError):
        await unlock(store.engine, thief)
    async with transaction(store.engine) as connection:
        with pytest.raises(SettingError):
            await thief.key(connection, known.conversation)


async def test_a_process_from_before_the_rotation_reads_and_writes_on(store: Store, tmp_path: Path) -> None:
    vault = await opened(store, in_folder(tmp_path))
    known = await find(store, vault)
    running = await opened(store, in_folder(tmp_path))
    done = await rotate(store.engine, vault)
    assert (await find(store, running)).key == known.key
    another = await find(store, running, "+77010000002")
    assert another.conversation != known.conversation
    assert (await find(store, vault, "+77010000002")).key == another.key
    assert set(await masters(store)) == {done.key}


async def test_with_keys_by_environment_the_newest_comes_into_force_when_it_is_ordered_and_not_before(store: Store) -> None:
    await find(store, await opened(store, with_keys(OLD)))
    ready = await opened(store, with_keys(NEW, OLD))
    lagging = await opened(store, with_keys(OLD))
    known = await find(store, ready, "+77010000002")  # the process that was started last does not run ahead of the others
    assert await find(store, lagging, "+77010000002") == known
    assert set(await masters(store)) == {OLD.id}
    assert await retire(store.engine, ready) == ()
    assert (await rotate(store.engine, ready)).changed == 2
    assert set(await masters(store)) == {NEW.id}
    with pytest.raises(SettingError, match="A new key cannot be put into KOMEK_MASTER_KEY"):
        await rotate(store.engine, ready)


async def test_who_makes_a_conversation_while_the_key_changes_makes_the_change_wait(store: Store) -> None:
    await opened(store, with_keys(OLD))
    vault = await opened(store, with_keys(NEW, OLD))
    async with transaction(store.engine) as connection:
        await vault.find_or_make(connection, Channel.TWILIO, "+77010000001")
        changing = asyncio.create_task(rotate(store.engine, vault))
        await asyncio.sleep(0.3)
        assert not changing.done()
    assert (await changing).changed == 1
    assert await masters(store) == [NEW.id]


async def test_a_rotation_that_was_broken_off_is_ended_by_the_same_order(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = await opened(store, in_folder(tmp_path))
    before = [await find(store, vault, f"+7701000000{n}") for n in range(6)]
    monkeypatch.setattr("hotline_bridge.flow.rotate.AT_ONCE", 2)
    really, steps = Safe.wrap_anew, 0

    async def dies(*given: object) -> Batch:
        nonlocal steps
        steps += 1
        if steps == 3:  # the first finds nothing of an earlier rotation, the second changes two
            raise ConnectionError
        return await really(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Safe, "wrap_anew", dies)
    with pytest.raises(ConnectionError):
        await rotate(store.engine, vault)
    monkeypatch.setattr(Safe, "wrap_anew", really)
    assert len(set(await masters(store))) == 2
    after = await opened(store, in_folder(tmp_path))
    assert [await find(store, after, f"+7701000000{n}") for n in range(6)] == before
    done = await rotate(store.engine, after)
    assert (done.changed, done.key) == (4, vault.ring.newest.id)
    assert set(await masters(store)) == {done.key}


async def test_a_key_that_was_made_and_never_used_is_the_next_one(store: Store, tmp_path: Path) -> None:
    vault = await opened(store, in_folder(tmp_path))
    await find(store, vault)
    made = vault.ring.add()  # and killed before anything else
    done = await rotate(store.engine, await opened(store, in_folder(tmp_path)))
    assert (done.key, done.changed) == (made.id, 1)


async def test_a_damaged_key_is_counted_left_and_stops_no_rotation(store: Store, tmp_path: Path) -> None:
    vault = await opened(store, in_folder(tmp_path))
    known = await find(store, vault)
    await find(store, vault, "+77010000002")
    await ask(store, "UPDATE vault.keys SET wrapped = 'x' WHERE conversation_id = :c", c=known.conversation)
    for _ in range(2):
        old = vault.ring.newest.id
        done = await rotate(store.engine, vault)
        assert (done.changed, done.broken) == (1, 1)
        assert done.key != old


async def test_a_conversation_that_is_forgotten_meanwhile_stays_forgotten(store: Store, tmp_path: Path) -> None:
    vault = await opened(store, in_folder(tmp_path))
    known = await find(store, vault)
    async with transaction(store.engine) as connection:
        await vault.shred(connection, known.conversation)
        changing = asyncio.create_task(rotate(store.engine, vault))
        await asyncio.sleep(0.2)
    assert (await changing).broken == 0
    assert await masters(store) == []


async def test_two_rotations_at_once_are_one(store: Store, tmp_path: Path) -> None:
    vault = await opened(store, in_folder(tmp_path))
    await find(store, vault)
    ended = await asyncio.gather(rotate(store.engine, vault), rotate(store.engine, vault), return_exceptions=True)
    assert sum(isinstance(e, Exception) for e in ended) == 1
    assert [str(e) for e in ended if isinstance(e, Exception)] == ["A rotation is under way already; wait for its end."]
    assert (await rotate(store.engine, vault)).changed == 1


# --- letting go ---


async def test_an_old_key_is_kept_until_it_is_let_go_of_and_never_while_something_needs_it(store: Store, tmp_path: Path) -> None:
    vault = await opened(store, in_folder(tmp_path))
    first, known = vault.ring.newest, await find(store, vault)
    assert await retire(store.engine, vault) == ()
    done = await rotate(store.engine, vault)
    assert done.old == (first.id,)
    await ask(store, "UPDATE vault.keys SET master = :m", m=first.id)
    assert await retire(store.engine, vault) == ()
    await ask(store, "UPDATE vault.keys SET master = :m", m=done.key)
    assert await retire(store.engine, vault) == (first.id,)
    assert [k.id for k in ring.load(None, None, tmp_path, *MASTER).keys] == [done.key]
    assert await find(store, await opened(store, in_folder(tmp_path))) == known


async def test_the_census_names_each_key_and_what_it_wraps(store: Store, tmp_path: Path) -> None:
    vault = await opened(store, in_folder(tmp_path))
    known = await find(store, vault)
    await find(store, vault, "+77010000002")
    await ask(store, "UPDATE vault.keys SET master = 'strange' WHERE conversation_id = :c", c=known.conversation)
    async with transaction(store.engine) as connection:
        counted = await vault.census(connection)
    assert counted == Census(vault.ring.newest.id, {"strange": 1, vault.ring.newest.id: 1})

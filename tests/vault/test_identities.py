"""Addresses: found by a keyed hash, kept sealed, gone when shredded."""

from __future__ import annotations

import asyncio

import pytest
from fakes_bridge import ask, made_vault

from hotline_bridge.errors import Forgotten, SettingError
from hotline_bridge.flow.stations import Store
from hotline_bridge.messages import Channel
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.tables import metadata
from hotline_bridge.vault.identities import Known, Vault

VAULT = made_vault()
ADDRESS = "+77010000001"


async def find(store: Store, address: str = ADDRESS, channel: Channel = Channel.TWILIO, vault: Vault = VAULT) -> Known:
    async with transaction(store.engine) as connection:
        return await vault.find_or_make(connection, channel, address)


async def test_the_same_address_is_the_same_conversation_with_the_same_key(store: Store) -> None:
    first, again = await find(store), await find(store)
    assert (first.conversation, first.key) == (again.conversation, again.key)


async def test_another_address_or_channel_is_another_conversation(store: Store) -> None:
    found = [await find(store), await find(store, "+77010000002"), await find(store, ADDRESS, Channel.KANNEL)]
    assert len({k.conversation for k in found}) == 3
    assert len({k.key.raw for k in found}) == 3


async def test_two_at_once_make_one(store: Store) -> None:
    found = await asyncio.gather(*(find(store) for _ in range(8)))
    assert len({k.conversation for k in found}) == 1
    assert len({k.key.raw for k in found}) == 1


async def test_the_second_waits_until_the_first_has_committed_so_that_order_is_kept(store: Store) -> None:
    await find(store)
    async with transaction(store.engine) as connection:
        known = await VAULT.find_or_make(connection, Channel.TWILIO, ADDRESS)
        second = asyncio.create_task(find(store))
        for _ in range(200):
            waits = await ask(
                store, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if waits:
                break
            await asyncio.sleep(0.01)
        assert waits
        assert not second.done()
    assert await second == known


async def test_other_people_do_not_wait_for_it(store: Store) -> None:
    async with transaction(store.engine) as connection:
        await VAULT.find_or_make(connection, Channel.TWILIO, ADDRESS)
        await asyncio.wait_for(find(store, "+77010000002"), 5)


async def test_the_address_opens_with_the_conversations_key(store: Store) -> None:
    known = await find(store)
    async with transaction(store.engine) as connection:
        key = await VAULT.key(connection, known.conversation)
        assert await VAULT.address(connection, known.conversation, key) == ADDRESS


async def test_another_master_key_finds_nobody_and_says_so_about_the_key(store: Store) -> None:
    known = await find(store)
    other = made_vault(b"o")
    assert (await find(store, vault=other)).conversation != known.conversation
    async with transaction(store.engine) as connection:
        with pytest.raises(SettingError, match=f"lacks the key {VAULT.ring.newest.id}"):
            await other.key(connection, known.conversation)


async def test_after_shredding_sealed_words_cannot_be_read_again(store: Store) -> None:
    known = await find(store)
    async with transaction(store.engine) as connection:
        await VAULT.shred(connection, known.conversation)
    async with transaction(store.engine) as connection:
        with pytest.raises(Forgotten):
            await VAULT.key(connection, known.conversation)
        with pytest.raises(Forgotten):
            await VAULT.address(connection, known.conversation, known.key)
    again = await find(store)
    assert again.conversation != known.conversation
    with pytest.raises(Forgotten):
        again.key.open("inbox:1", known.key.seal("inbox:1", "слова"))


async def test_nothing_of_an_address_or_a_key_stands_in_clear_in_any_table(store: Store) -> None:
    known = await find(store)
    for table in metadata.sorted_tables:
        name = f"{table.schema or 'public'}.{table.name}"
        for row in await ask(store, f"SELECT * FROM {name}"):
            for value in row:
                shown = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                assert ADDRESS[3:].encode() not in shown, name
                assert known.key.raw not in shown, name

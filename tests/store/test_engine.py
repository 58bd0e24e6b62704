"""The address of the database, and what a transaction promises."""

from __future__ import annotations

import contextlib

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from hotline_bridge.errors import SettingError
from hotline_bridge.flow.stations import Store
from hotline_bridge.store import engine
from hotline_bridge.store.engine import sqlalchemy_url, transaction


@pytest.mark.parametrize(
    ("given_url", "used"),
    [
        ("postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgres://u:p@h:5433/n", "postgresql+psycopg://u:p@h:5433/n"),
        ("postgresql://u:p%40%2Fss@h/n", "postgresql+psycopg://u:p%40%2Fss@h/n"),
        ("postgresql://u@/n?host=/tmp/x", "postgresql+psycopg://u@/n?host=%2Ftmp%2Fx"),
    ],
)
def test_an_address_in_libpqs_form_is_taken_with_its_password(given_url: str, used: str) -> None:
    assert sqlalchemy_url(given_url) == used


@pytest.mark.parametrize(
    "wrong", ["mysql://u:geheim@h/n", "postgresql+asyncpg://u:geheim@h/n", "sqlite:///geheim", "geheim", "", "://"]
)
def test_anything_else_is_refused_by_name_and_not_shown(wrong: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL") as refused:
        sqlalchemy_url(wrong)
    assert "geheim" not in str(refused.value)


@given(st.text(max_size=40))
def test_no_address_brings_another_error(anything: str) -> None:
    with contextlib.suppress(SettingError):
        sqlalchemy_url(anything)


async def fail_after(store: Store, statement: str) -> None:
    async with transaction(store.engine) as connection:
        await connection.execute(text(statement))
        raise KeyError


async def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(KeyError):
        await fail_after(store, "INSERT INTO arrivals (channel) VALUES ('telegram')")
    async with transaction(store.engine) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM arrivals"))).scalar_one() == 0


async def test_an_error_of_the_database_does_not_quote_what_was_to_be_stored(store: Store) -> None:
    with pytest.raises(sqlalchemy.exc.DBAPIError) as failed:
        async with transaction(store.engine) as connection:
            await connection.execute(text("SELECT cast(:words AS text), 1/0"), {"words": "geheim"})
    assert "geheim" not in str(failed.value)


def test_nothing_is_opened_before_it_is_used() -> None:
    engine.create("postgresql://nobody@127.0.0.1:1/nothing")

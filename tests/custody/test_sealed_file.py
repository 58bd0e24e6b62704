"""A sealed file: whole and under its key, or refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.custody import sealed_file
from hotline_bridge.errors import NotNow

KEY = b"\x07" * 32
SIZES = (0, 1, 15, sealed_file.PIECE - 1, sealed_file.PIECE, sealed_file.PIECE + 1, 3 * sealed_file.PIECE)


def sealed(*pieces: bytes, key: bytes = KEY, name: str = "words") -> bytes:
    file = io.BytesIO()
    sealed_file.seal(key, name, pieces, file)
    return file.getvalue()


def opened(content: bytes, key: bytes = KEY, name: str = "words") -> bytes:
    return b"".join(sealed_file.unseal(key, name, io.BytesIO(content)))


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_opens_again_at_every_length_around_a_piece(size: int) -> None:
    clear = bytes(n % 251 for n in range(size))
    assert opened(sealed(clear)) == clear


@given(st.lists(st.binary(max_size=300)))
def test_it_does_not_matter_in_which_pieces_it_came(pieces: list[bytes]) -> None:
    assert opened(sealed(*pieces)) == b"".join(pieces)


def test_nothing_of_it_stands_in_clear_and_twice_the_same_looks_different() -> None:
    clear = b"+77010000001" * 1000
    first, second = sealed(clear), sealed(clear)
    assert b"+77010000001" not in first
    assert first != second


@pytest.mark.parametrize(("key", "name"), [(b"\x08" * 32, "words"), (KEY, "keys")])
def test_under_another_key_or_name_it_does_not_open(key: bytes, name: str) -> None:
    with pytest.raises(NotNow):
        opened(sealed(b"geheim"), key, name)


@given(st.data())
def test_one_changed_bit_and_it_does_not_open(data: st.DataObject) -> None:
    content = bytearray(sealed(b"geheim" * 20))
    at = data.draw(st.integers(0, len(content) * 8 - 1))
    content[at // 8] ^= 1 << at % 8
    with pytest.raises(NotNow):
        opened(bytes(content))


@pytest.mark.parametrize("pieces", [1, 2])
def test_a_file_that_was_cut_off_between_two_pieces_is_refused(pieces: int) -> None:
    content = sealed(b"x" * (sealed_file.PIECE * 3))
    head = len(sealed_file.MAGIC) + 16
    with pytest.raises(NotNow, match="cut off"):
        opened(content[: head + pieces * (sealed_file.PIECE + 16)])


def test_pieces_that_changed_places_are_refused() -> None:
    content = sealed(b"a" * sealed_file.PIECE + b"b" * sealed_file.PIECE + b"c")
    head, one = len(sealed_file.MAGIC) + 16, sealed_file.PIECE + 16
    swapped = content[:head] + content[head + one : head + 2 * one] + content[head : head + one] + content[head + 2 * one :]
    with pytest.raises(NotNow):
        opened(swapped)


def test_another_file_is_named_as_what_it_is() -> None:
    with pytest.raises(NotNow, match="no copy that Komek made"):
        opened(b"PGDMP and more")

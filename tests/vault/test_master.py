"""A master key: what it wraps opens under it alone, and nothing shows its bytes."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.errors import Forgotten, SettingError
from hotline_bridge.vault.master import MasterKey, decode, encode
from hotline_bridge.vault.root import Root

RAW = bytes(range(32))
MASTER = MasterKey(RAW)


@pytest.mark.parametrize("value", [RAW.hex(), RAW.hex().upper(), base64.b64encode(RAW).decode(), f"  {RAW.hex()}\n"])
def test_a_key_is_read_in_hexadecimal_or_base64(value: str) -> None:
    assert decode(value, "X") == MASTER
    assert decode(encode(MASTER), "X") == MASTER


@given(st.text(min_size=8, max_size=40))
def test_a_wrong_key_is_named_and_not_shown(value: str) -> None:
    with pytest.raises(SettingError) as wrong:
        decode(value, "KOMEK_MASTER_KEY")
    # The same sentence whatever was given.
    assert str(wrong.value) == "KOMEK_MASTER_KEY is not right: it must be 32 random bytes, in base64 or hexadecimal"


def test_a_key_wrapped_under_one_name_opens_under_no_other_and_under_no_other_master() -> None:
    wrapped = MASTER.wrap("key:1", b"\x01" * 32)
    assert MASTER.unwrap("key:1", wrapped) == b"\x01" * 32
    assert b"\x01" * 32 not in wrapped
    for other, name in ((MASTER, "key:2"), (MasterKey(b"\x02" * 32), "key:1")):
        with pytest.raises(Forgotten):
            other.unwrap(name, wrapped)


def test_each_use_has_a_key_of_its_own_and_the_name_tells_nothing() -> None:
    root = Root(RAW)
    uses = [MASTER.derive("id"), MASTER.derive("wrap"), root.derive("totp")]
    uses += [root.fingerprint(use, "1") for use in ("address", "dedup")]
    assert len(set(uses)) == len(uses)
    assert MASTER.id not in RAW.hex()
    for one in (MASTER, root):
        assert RAW.hex() not in repr(one) + str(one)
        assert "x1f" not in repr(one)
    assert root.fingerprint("address", "\ud800")


def test_a_fingerprint_says_nothing_to_whoever_lacks_the_root() -> None:
    assert Root(RAW).fingerprint("address", "+77010000001") == Root(RAW).fingerprint("address", "+77010000001")
    assert Root(RAW).fingerprint("address", "+77010000001") != Root(b"\x02" * 32).fingerprint("address", "+77010000001")
    assert Root(RAW).fingerprint("address", "+77010000001") != Root(RAW).fingerprint("address", "+77010000002")

"""The address of a phone."""

from __future__ import annotations

import pytest

from hotline_bridge.channels.phone_number import e164, is_telephone

TABLE = {
    "+77011234567": "+77011234567",
    "77011234567": "+77011234567",
    "87011234567": "+77011234567",
    "7011234567": "+77011234567",
    "8 (701) 123-45-67": "+77011234567",
    " +7 701 123 45 67 ": "+77011234567",
    "0077011234567": "+77011234567",
    "998901234567": "+998901234567",
    "+998901234567": "+998901234567",
    "00998901234567": "+998901234567",
    "992927771234": "+992927771234",
    "79161234567": "+79161234567",
    "+12025550100": "+12025550100",
    "1515": "1515",
    "112": "112",
    "": "",
    "BEELINE": "BEELINE",
    "1-800-FLOWERS": "1-800-FLOWERS",
    "whatsapp:+77011234567": "whatsapp:+77011234567",
    "+" + "9" * 40: "+" + "9" * 40,
}


@pytest.mark.parametrize(("sender", "address"), TABLE.items())
def test_a_number_has_one_address_however_it_came(sender: str, address: str) -> None:
    assert e164(sender) == address


@pytest.mark.parametrize(
    ("address", "expected"),
    [("+77011234567", True), ("1515", False), ("BEELINE", False), ("+", False), ("+1234567", False), ("+" + "9" * 16, False),
     ("+٧٧٠١١٢٣٤٥٦٧", False), ("", False)],
)  # fmt: skip
def test_only_e164_is_a_telephone(address: str, expected: bool) -> None:
    assert is_telephone(address) is expected

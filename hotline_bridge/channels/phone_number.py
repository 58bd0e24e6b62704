"""The address of a phone: E.164 with a plus where the number can be read, otherwise the sender as it came."""

from __future__ import annotations

import phonenumbers

HOME = "KZ"


def e164(sender: str) -> str:
    """`sender` as +77011234567, whether it came as that, as 77011234567, 0077011234567 or 87011234567.

    Short numbers, names and everything else that is no telephone number come back unchanged.
    """
    sender = sender.strip()
    if sender.startswith("00"):
        sender = "+" + sender[2:]
    for candidate, region in ((sender, HOME), ("+" + sender, None)):
        number = _parsed(candidate, region)
        if number is not None and phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return sender


def is_telephone(address: str) -> bool:
    """Whether `address` can be answered by SMS across borders: a plus and 8 to 15 digits (ITU-T E.164)."""
    return address.startswith("+") and address[1:].isascii() and address[1:].isdigit() and 8 <= len(address) - 1 <= 15


def _parsed(candidate: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    # The library would read letters as keys of a telephone, and "BEELINE" is nobody's number.
    if any(c.isalpha() for c in candidate):
        return None
    try:
        return phonenumbers.parse(candidate, region)
    except phonenumbers.NumberParseException:
        return None

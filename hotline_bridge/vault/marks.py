"""By what something is found again without being kept: a keyed mark for each kind, worthless without the root.

Every process that has the vault open makes the same mark, before and after a rotation. An address has one of its own
(vault/identities.py).
"""

from __future__ import annotations

from hotline_bridge.messages import Channel
from hotline_bridge.vault.root import Root


def of_arrival(root: Root, channel: Channel, provider_id: str) -> bytes:
    """Of a message that came in: told of twice, it is stored once."""
    return root.fingerprint("dedup", f"{channel}\0{provider_id}")


def of_reference(root: Root, channel: Channel, reference: str) -> bytes:
    """Of a message as its provider calls it: by this a later status is ours, and the provider's record is erased."""
    return root.fingerprint("reference", f"{channel}\0{reference}")


def of_writer(root: Root, channel: Channel, address: str) -> bytes:
    """Of where messages come from, to count them. It does not lead to the address' own mark."""
    return root.fingerprint("crowding", f"{channel}\0{address}")


def of_number(root: Root, number: str) -> bytes:
    """Of a ticket's number as people are told it (tickets/numbers.py)."""
    return root.fingerprint("code", number)

"""guessers: who is counted where somebody fails at the door, and how long they wait at most.

A browser in which somebody signed in before is counted by itself: a stranger who guesses keeps no owner waiting.
"""

from __future__ import annotations

import hmac
from ipaddress import ip_address, ip_network

from hotline_bridge.accounts import people, sessions
from hotline_bridge.accounts.throttle import Limit
from hotline_bridge.flow.stations import AtDesk, desk_of

FREE, LONGEST_WAIT = 5, 300.0  # failures and seconds, for a login or a known browser
SOURCE_FREE, SOURCE_LONGEST_WAIT = 30, 900.0  # an office shares one address


def limits_at_the_door(stations: AtDesk, login: str, source: str, device: str | None) -> list[Limit]:
    """Who is counted: a browser that was here before alone, else the login and the source together; the login first.

    source: a network address; device: the cookie that `device_for` made.
    """
    desk = desk_of(stations)
    nonce, _, proof = (device or "").partition(".")
    if nonce and hmac.compare_digest(proof.encode("utf-8", "replace"), _device_proof(stations, login, nonce).encode()):
        return [Limit(desk.fingerprint("throttle:device", nonce), FREE, LONGEST_WAIT)]
    login = people.normal_login(login)
    return [
        Limit(desk.fingerprint("throttle:login", login), FREE, LONGEST_WAIT),
        Limit(desk.fingerprint("throttle:source", _network(source)), SOURCE_FREE, SOURCE_LONGEST_WAIT),
    ]


def device_for(stations: AtDesk, login: str) -> str:
    """A cookie that says: somebody signed in as `login` here. It opens nothing."""
    nonce = sessions.new_token()
    return f"{nonce}.{_device_proof(stations, login, nonce)}"


def _device_proof(stations: AtDesk, login: str, nonce: str) -> str:
    return desk_of(stations).fingerprint("device", f"{people.normal_login(login)}\0{nonce}").hex()


def _network(source: str) -> str:
    """Who is counted as one source: an IPv4 address, or the /64 of IPv6 addresses that a household has to itself."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)

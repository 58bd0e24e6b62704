"""Whom the worker may call: addresses of the public internet, looked at when they are called, and nothing inside our network.

Safety: whoever may register a webhook could otherwise make the worker call Rasa, the database or a cloud's metadata
(tests/partners/test_addresses.py).
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from dataclasses import dataclass

import httpx

from hotline_bridge.errors import PartnerRefused

LONGEST = 500
_NAME = re.compile(rb"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9.])?")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))  # IPv4 in IPv6, whatever that IPv4 is


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook goes: the url as it was given, and the one address that was looked at and is called."""

    url: httpx.URL
    address: str


def checked(url: str, *, private: bool = False) -> httpx.URL:
    """`url`, if it may be registered. private: addresses inside our network are allowed, and http (tests only).

    Raises PartnerRefused.
    """
    try:
        found = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError):
        raise PartnerRefused("url", "this is not an address of the form https://host/path") from None
    if len(url) > LONGEST:
        raise PartnerRefused("url", f"an address may have {LONGEST} letters")
    if found.scheme != "https" and not (private and found.scheme == "http"):
        raise PartnerRefused("url", "a webhook must begin with https://")
    if found.port is not None and not 0 < found.port < 65536:
        raise PartnerRefused("url", "a port is a number from 1 to 65535")
    if not found.host or found.userinfo or found.fragment or any(ord(c) <= 32 for c in url.strip()):
        raise PartnerRefused("url", "a webhook's address has a host, and neither a user nor a fragment (#)")
    literal = _literal(found.host)
    if literal is None and not _NAME.fullmatch(found.raw_host):
        raise PartnerRefused("url", "the host is not a name of the internet")
    if literal is not None and not private and not is_public(literal):
        raise PartnerRefused("private", "this address is not one of the public internet")
    return found


async def resolved(url: httpx.URL, *, private: bool = False) -> Target:
    """The address to call, now. Raises PartnerRefused when any of the host's addresses is inside a private network.

    OSError (socket.gaierror) when there is no such host.
    """
    port = url.port or (443 if url.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    for address in addresses:
        literal = _literal(address)
        if not private and (literal is None or not is_public(literal)):
            raise PartnerRefused("private", "this host has an address that is not one of the public internet")
    return Target(url, addresses[0])


def is_public(address: _Address) -> bool:
    """Whether it is an ordinary address of the internet, looked through every way of writing an IPv4 address in IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in _NAT64):
            return False
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(one is not None for one in inner) or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _literal(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0].strip("[]"))
    except ValueError:
        return None

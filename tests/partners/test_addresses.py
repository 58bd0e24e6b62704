"""Whom the worker may call: the public internet, and nothing that is inside."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.errors import PartnerRefused
from hotline_bridge.partners.addresses import checked, is_public, resolved

PUBLIC = ["8.8.8.8", "95.56.234.1", "2a00:1450:4001:80b::200e"]
INSIDE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fec0::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_an_ordinary_address_of_the_internet_may_be_called(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_may_not_however_it_is_written(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(PartnerRefused) as refused:
        checked(f"https://{host}/hook")
    assert refused.value.reason == "private"


@given(st.ip_addresses(v=4))
def test_no_private_address_is_public_in_any_form_of_version_six(inner: ipaddress.IPv4Address) -> None:
    number = int(inner)
    for outer in (0xFFFF << 32 | number, 0x2002 << 112 | number << 80, 0x64FF9B << 96 | number):
        assert not is_public(ipaddress.IPv6Address(outer))


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "http://example.org/", "ftp://example.org/", "https://", "https:///path", "https://user@example.org/",
        "https://user:password@example.org/", "https://example.org/#part", "https://exa mple.org/", "https://example.org/\nx",
        "javascript:alert(1)", "file:///etc/passwd", "https://" + "a" * 600, "https://[::1", "https://example.org:99999/",
        "gopher://127.0.0.1:25/", "//example.org/", "https://<script>/", "https://-x/", "https://a_,b/",
    ],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(PartnerRefused) as refused:
        checked(url)
    assert refused.value.reason == "url"


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost", "127.0.0.1.", "LOCALHOST"])
async def test_loopback_in_disguise_is_found_when_it_is_resolved(host: str) -> None:
    try:
        url = checked(f"https://{host}/")
    except PartnerRefused:
        return
    with pytest.raises((PartnerRefused, OSError)):
        await resolved(url)


async def test_a_host_with_one_address_inside_is_not_called_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[list[str]] = [["8.8.8.8", "10.0.0.1"], ["8.8.8.8"]]

    async def lookup(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in answers.pop(0)]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)
    with pytest.raises(PartnerRefused):
        await resolved(checked("https://example.org/"))
    assert (await resolved(checked("https://example.org/"))).address == "8.8.8.8"


def test_for_tests_addresses_inside_may_be_allowed() -> None:
    assert str(checked("http://127.0.0.1:8000/hook", private=True)) == "http://127.0.0.1:8000/hook"
    with pytest.raises(PartnerRefused):
        checked("ftp://127.0.0.1/", private=True)

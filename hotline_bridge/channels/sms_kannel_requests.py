"""What Kannel's smsbox asks our two addresses for, in the parameters that docs/kannel/kannel.conf.example names. Pure.

Escape codes: Kannel user guide, "Parameters (Escape Codes)". The message comes as %b in `text`, or as the body of a POST.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from urllib.parse import parse_qsl

from hotline_bridge.channels.base import Parsed, Request
from hotline_bridge.channels.phone_number import e164
from hotline_bridge.errors import Unreadable
from hotline_bridge.messages import Channel, Inbound, Kind, StatusReport

FIELDS = 100
FORM = "application/x-www-form-urlencoded"
EIGHT_BIT, UCS2 = "1", "2"  # %c; 0 and -1 are the GSM alphabet, which Kannel hands over as UTF-8
# Only these: Python knows codecs that unpack archives.
CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16be": "utf-16-be",
    "utf-16-be": "utf-16-be",
    "ucs-2": "utf-16-be",
    "ucs-2be": "utf-16-be",
    "iso-10646-ucs-2": "utf-16-be",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
    "windows-1251": "cp1251",
    "us-ascii": "ascii",
}
# %d is a bit mask; 4 (queued), 8 (at the operator) and 32 (on the way) are no end.
STATES = {"1": "delivered", "2": "failed", "16": "failed"}
LEGIBLE = 0.9  # of the characters: half an emoji at the end must not cost the words before it


def parameters(request: Request) -> dict[str, bytes]:
    """The parameters as raw bytes, since only %c and %C say how to read them. Raises Unreadable."""
    form = request.body if _is_form(request) else b""
    try:
        pairs = [pair for part in (request.query, form.decode("latin-1")) for pair in _pairs(part)]
        return {name: value.encode("latin-1") for name, value in pairs}
    except ValueError:
        raise Unreadable("The parameters cannot be read") from None


def read_message(request: Request, given: Mapping[str, bytes]) -> Parsed:
    """One Inbound; none when the sender is a name, which nobody can answer. Raises Unreadable."""
    sender = _ascii(given.get("from", b""))
    if not sender:
        raise Unreadable("The parameter from is missing")
    if any(c.isalpha() for c in sender):
        return Parsed()
    # Without %I two arrivals of one message are still alike in everything, %T included.
    provider_id = _ascii(given.get("id", b"")) or hashlib.sha256(request.query.encode() + request.body).hexdigest()
    raw = given["text"] if "text" in given else (b"" if _is_form(request) else request.body)
    kind, text = _content(raw, _ascii(given.get("coding", b"")), _ascii(given.get("charset", b"")))
    return Parsed(inbound=(Inbound(Channel.KANNEL, e164(sender), provider_id, kind, text),))


def read_status(given: Mapping[str, bytes]) -> Parsed:
    """One StatusReport when the message has arrived or failed. Raises Unreadable."""
    reference, mask = _ascii(given.get("id", b"")), _ascii(given.get("state", b""))
    if not reference or not mask.isdigit():
        raise Unreadable("The parameter id or state is missing")
    state = STATES.get(mask)
    if state is None:
        return Parsed()
    return Parsed(statuses=(StatusReport(Channel.KANNEL, reference, state, "" if state == "delivered" else f"dlr{mask}"),))


def _content(raw: bytes, coding: str, charset: str) -> tuple[Kind, str]:
    if not raw:
        return Kind.EMPTY, ""
    text = None if coding == EIGHT_BIT else _decoded(raw, coding, charset.lower())
    if text is None:
        return Kind.UNREADABLE, ""
    return (Kind.TEXT, text) if text.strip() else (Kind.EMPTY, "")


def _decoded(raw: bytes, coding: str, charset: str) -> str | None:
    codec = CHARSETS.get(charset or ("utf-16be" if coding == UCS2 else "utf-8"))
    if codec is None:
        return None
    text = raw.decode(codec, "replace")
    spoilt = text.count("\ufffd") - raw.count("\ufffd".encode(codec, "ignore") or b"\xff\xfe\xff")
    return text if spoilt <= len(text) * (1 - LEGIBLE) else None


def _is_form(request: Request) -> bool:
    return request.method == "POST" and request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM


def _pairs(part: str) -> list[tuple[str, str]]:
    return parse_qsl(part, keep_blank_values=True, encoding="latin-1", max_num_fields=FIELDS)


def _ascii(value: bytes) -> str:
    return value.decode("ascii", "ignore").strip()

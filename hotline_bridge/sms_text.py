"""Segments of an SMS: which alphabet a text needs and how many pieces it costs (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from dataclasses import dataclass

import smsutil

# One of these turns a GSM-7 message of 160 letters into UCS-2 with 70: they all mean the same apostrophe or dash.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("ʻʼ‘’`", "'"),
        **dict.fromkeys("“”«»", '"'),
        **dict.fromkeys("–—", "-"),
        "…": "...",
        "\u00a0": " ",
    }
)


@dataclass(frozen=True, slots=True)
class Cost:
    """alphabet: gsm7 or ucs2; segments: paid pieces; units: septets (gsm7) or 16-bit units (ucs2)."""

    alphabet: str
    segments: int
    units: int


def plain(text: str) -> str:
    """The same text with apostrophes, quotes and dashes that the GSM alphabet has."""
    return text.translate(_PLAIN)


def cost(text: str) -> Cost:
    """What `text` costs as it stands. An empty text costs one segment."""
    if smsutil.is_valid_gsm(text):
        units = sum(2 if c in smsutil.codecs.GSM_EXT_CHARSET else 1 for c in text)
        single, multi = 160, 153
        alphabet = "gsm7"
    else:
        units = len(text.encode("utf-16-be", "surrogatepass")) // 2
        single, multi = 70, 67
        alphabet = "ucs2"
    if units <= single:
        return Cost(alphabet, 1, units)
    split = smsutil.split(text)
    return Cost(alphabet, max(len(split.parts), -(-units // multi)), units)

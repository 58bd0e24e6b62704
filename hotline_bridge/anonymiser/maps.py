"""ADDRESS, as a point on a map: coordinates and links to maps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hotline_bridge.anonymiser.words import Found, Text

_DEGREES = r"\d{1,3}°\s?\d{1,2}['′’]?(?:\s?\d{1,2}(?:[.,]\d{1,6})?[\"″”]?)?\s?[NSEWСЮВЗ]?"
_LATITUDE = r"(?:широт[аеы]|шир|ендік|ендик|kenglik|кенглик|арзи?|lat(?:itude)?)"
_COORDINATES = re.compile(
    r"(?<![\d.])-?\d{1,3}[.,]\d{3,}\s?°?\s?[NnСсC]?\s?[,;\s]\s?-?\d{1,3}[.,]\d{3,}(?:\s?°?\s?[EeВв])?(?![\d.])"
    # With two decimals only where Kazakhstan and its neighbours lie, so that prices are none.
    r"|(?<![\d.,])(?:3[5-9]|4\d|5[0-6])\.\d{2,}\s?[,;\s]\s?(?:4[5-9]|[5-8]\d)\.\d{2,}(?![\d.])"
    # широта 43.2389, долгота 76.8897
    rf"|(?:{_LATITUDE}[:\s]\s?)?(?<![\d.])\d{{2}}[.,]\d{{3,}}[^\d\n]{{1,20}}\d{{2}}[.,]\d{{3,}}(?![\d.])"
    r"|(?<!\w)[NnСсEeВв]\s?\d{2,3}[°\s]\s?\d{1,2}[.,]\d{2,}['′’]?[\s,;]{0,2}[NnСсEeВв]\s?\d{2,3}[°\s]\s?\d{1,2}[.,]\d{2,}['′’]?"
    r"|(?<![\d.,])(?:4[0-9]|5[0-5])[.,]\d{1,2}\s?[,;/]\s?(?:4[6-9]|[5-8]\d)[.,]\d{1,2}(?![\d.,]|\s?%)"  # 43.2,76.9
    r"|(?<![\d.,])\d{2}[.,]\d{2,}[\s,;]*(?:долгот\w*|долг|uzunlik|узунлик|бойлық|бойлык|тӯл\w*|lon\w*)[:\s]*\d{2}[.,]\d{2,}"
    rf"|{_DEGREES}[,;\s]{{0,2}}{_DEGREES}"
)
_PLUS = re.compile(r"(?<!\w)[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?!\w)")  # an Open Location Code
_HOSTS = (
    r"maps\.app\.goo\.gl|goo\.gl/maps|google\.[a-z.]{2,6}/maps|maps\.google\.[a-z.]{2,6}|maps\.apple\.com|2gis\.[a-z]{2,3}"
    r"|yandex\.[a-z]{2,3}/(?:maps|navi)|openstreetmap\.org|osm\.org|maps\.me|waze\.com|what3words\.com|w3w\.co"
)
_LINK = re.compile(
    rf"(?:https?://)?(?:[\w\-]{{1,30}}\.){{0,3}}(?:{_HOSTS})[^\s,;]*|geo:[\d.,\-]+|///\w+\.\w+\.\w+", re.IGNORECASE
)


def find(text: Text) -> Iterator[Found]:
    """Points on a map."""
    for pattern in (_COORDINATES, _LINK, _PLUS):
        for m in pattern.finditer(text.text):
            yield Found(m.start(), m.end(), 0.97)

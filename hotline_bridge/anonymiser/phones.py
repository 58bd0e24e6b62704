"""PHONE: telephone numbers in digits, with separators and letters o among them, and written out in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import phonenumbers

from hotline_bridge.anonymiser.dates import DATE, NUMERIC
from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.spoken import Spoken
from hotline_bridge.anonymiser.words import Found, Text

# Short numbers of the emergency services are help, not somebody's identity.
PUBLIC_NUMBERS = frozenset({"101", "102", "103", "104", "111", "112", "116", "150", "11616"})
LETTER_ZERO = str.maketrans(dict.fromkeys("оОoO", "0"))
_APART = r"[ \t\u00a0\-–—.·_/*|,()\u200b-\u200d\ufe0f\u20e3]"
# The word "о" before or behind a number is no nought of it.
_RUN = re.compile(
    rf"(?<![\d/])(?<!\d[.,])(?<![\W\d_][A-Za-zА-Я])(?:(?:\+|00)\s?)?(?:\d|\(|[оОoO](?=\d)){_APART}{{0,3}}(?:[\dоОoO]{_APART}{{0,3}}){{3,28}}(?:\d|(?<=\d)[оОoO](?!\w))(?!\d)"
)
_GROUP = re.compile(r"[\dоОoO]+")
# "250 000", "1 500 000 000": a sum in thousands, the usual way to name a wage.
_SUM = re.compile(r"\d{1,3}(?:[ .,]\d{3})*[ .,]000(?:\s*[-–—]\s*\d{1,3}(?:[ .,]\d{3})*[ .,]000)?")
LOCAL = re.compile(r"(?<![\d/.:])\d(?:[ \-–.]?\d){4,6}(?![\d/.:]|[ \-–.]\d)")
# What is money for all its many digits: thousands, parted or not, and billions that are whole in their hundred thousands.
_THOUSANDS = re.compile(r"\d{1,3}(?:\D+\d{3})+")
_ROUND = re.compile(r"\d{1,6}000|\d{5,}0{5}")
_TOWN = re.compile(r"\d{1,3}([ \-–.])\d\d\1\d\d")  # 255-34-12: nobody writes a sum so
UNITS = ("not_phone", "not_place")
FEWEST, MOST = 9, 15  # digits, with two noughts for a plus
LONG = 10  # digits of a number with its code
WINDOW = 4  # words between "telephone" and a short number


@dataclass(frozen=True, slots=True)
class Phones:
    """Finds telephone numbers in a text."""

    cues: Mapping[str, Phrases]
    spoken: Spoken

    def find(self, text: Text) -> Iterator[Found]:
        """Numbers in digits, then local ones beside "telephone", then those in words."""
        for run in _RUN.finditer(text.text):
            if not self._is_sum(text, run):
                yield from (found for found in _numbers(run) if not _holds_date(text.text[found.start : found.end]))
        for local in LOCAL.finditer(text.text):
            digits = re.sub(r"\D", "", local[0])
            money = self._counted(text, local.end()) and not _TOWN.fullmatch(local[0])
            if digits not in PUBLIC_NUMBERS and not money and self._cued(text, local.start()):
                yield Found(local.start(), local.end(), 0.7)
        yield from self.spoken.find(text, lambda start: self._cued(text, start))

    def _is_sum(self, text: Text, run: re.Match[str]) -> bool:
        # So many digits are no people or hours, only money.
        units = ("not_phone",) if sum(c.isdigit() for c in run[0]) >= LONG else UNITS
        if _SUM.fullmatch(run[0].strip()):
            return True
        # Safety: "тг" behind a number is Telegram as often as tenge (test_a_number_before_a_currency_is_hidden).
        return "+" not in run[0] and self._counted(text, run.end(), units) and (_is_round(run[0]) or not any(_numbers(run)))

    def _counted(self, text: Text, end: int, units: tuple[str, ...] = UNITS) -> bool:
        """Whether a currency or another unit follows, with no comma between."""
        word = next(iter(text.after(end, 1)), None)
        if word is None or word.start - end > 2 or "," in text.text[end : word.start]:
            return False
        return any(self.cues[unit].has(word) for unit in units)

    def _cued(self, text: Text, start: int) -> bool:
        return any(self.cues["phone"].has(word) for word in text.before(start, WINDOW))


def _numbers(run: re.Match[str]) -> Iterator[Found]:
    """The telephone numbers in a run of groups of digits: several may stand one behind the other."""
    groups = list(_GROUP.finditer(run[0]))
    at = 0
    while at < len(groups):
        begin = _from(run[0], groups, at)
        end = next((end for end in _ends(groups, at) if _is_number(run[0][begin : groups[end - 1].end()])), 0)
        if end:
            yield Found(run.start() + begin, run.start() + groups[end - 1].end(), 0.85)
        at = end or at + 1


def _ends(groups: list[re.Match[str]], at: int) -> list[int]:
    """Behind which groups a number may end that begins here, the farthest first."""
    ends, digits = [], 0
    for end in range(at + 1, len(groups) + 1):
        digits += len(groups[end - 1][0])
        if digits > MOST:
            break
        if digits >= FEWEST:
            ends.append(end)
    return ends[::-1]


def _from(run: str, groups: list[re.Match[str]], at: int) -> int:
    """Where the group begins, a plus or bracket before it included."""
    begin = groups[at - 1].end() if at else 0
    sign = re.search(r"(?:\+\s?\(?|\()$", run[begin : groups[at].start()])
    return begin + sign.start() if sign else groups[at].start()


def _is_number(written: str) -> bool:
    if NUMERIC.fullmatch(written.strip()) or _SUM.fullmatch(written):
        return False
    digits = re.sub(r"\D", "", written.translate(LETTER_ZERO)).removeprefix("00")
    if not 9 <= len(digits) <= 13 or digits in PUBLIC_NUMBERS:
        return False
    if _usual(digits):
        return True
    if not written.lstrip().startswith(("+", "00")):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse("+" + digits, None))
    except phonenumbers.NumberParseException:
        return False


def _is_round(written: str) -> bool:
    """Whether these may be sums: all of them round, or fewer digits than a number with its code, parted in thousands."""
    groups = re.findall(r"\d+", written)
    short = sum(map(len, groups)) < LONG
    return all(_ROUND.fullmatch(group) for group in groups) or (short and _THOUSANDS.fullmatch(written.strip()) is not None)


def _holds_date(written: str) -> bool:
    return "+" not in written and DATE.search(written) is not None


def _usual(digits: str) -> bool:
    """The forms of the five countries, also with a digit mistyped that libphonenumber would refuse."""
    if len(digits) == 11:
        return (digits[0] in "78" and digits[1] != "0") or digits[0] == "9"
    if len(digits) == 12:
        return digits.startswith(("998", "992", "996", "993", "810", "877", "977"))
    if len(digits) == 10:
        return digits[0] in "79" or digits.startswith("0")
    return len(digits) == 9 and (
        digits[0] in "5679" or digits[:2] in ("20", "22", "33", "40", "44", "55", "70", "71", "77", "78", "88", "90")
    )


def digits_of(written: str, spoken: Spoken) -> str:
    """What makes two spellings the same subscriber: the last nine digits."""
    digits = re.sub(r"\D", "", written.translate(LETTER_ZERO))
    return (digits if len(digits) >= 5 else spoken.digits(written))[-9:]

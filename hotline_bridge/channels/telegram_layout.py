"""How a Message looks in Telegram: pieces of at most 4096 units, a bold title, rows of buttons. Pure."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from hotline_bridge.messages import Option

LIMIT = 4096  # https://core.telegram.org/bots/api#sendmessage, counted in UTF-16 units to be on the safe side
TITLE_LIMIT = 80
SHORT_LABEL = 18  # two of them stand beside each other on a narrow phone
FEW = 3  # so many options get a row each, however short


def units(text: str) -> int:
    """Length as Telegram counts entities: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(text: str, limit: int = LIMIT) -> list[str]:
    """`text` in order, cut between paragraphs where it can be, else lines, else words, else anywhere. Blank: []."""
    rest = text.encode("utf-8", "replace").decode("utf-8").strip()
    found: list[str] = []
    while units(rest) > limit:
        head = _head(rest, limit)
        found.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return [piece for piece in (*found, rest) if piece]


def _head(text: str, limit: int) -> str:
    fits = text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore")
    for mark in ("\n\n", "\n", " "):
        place = fits.rfind(mark)
        if place > limit // 4:  # an earlier break would leave a stump of a message
            return fits[:place]
    return fits


def title(text: str) -> list[MessageEntity]:
    """Bold for the first line when it stands alone above a blank line and is no sentence."""
    line, blank, below = text.partition("\n\n")
    if not (blank and below) or "\n" in line or len(line) > TITLE_LIMIT or line.endswith((".", "!", ":", ";", ",", "…")):
        return []
    return [MessageEntity(MessageEntity.BOLD, 0, units(line))]


def keyboard(options: tuple[Option, ...]) -> InlineKeyboardMarkup | None:
    """A row for each option; of more than three, short neighbours share one."""
    rows: list[list[InlineKeyboardButton]] = []
    for option in options:
        button = InlineKeyboardButton(option.label, callback_data=option.choice)
        short = len(option.label) <= SHORT_LABEL
        if len(options) > FEW and short and rows and len(rows[-1]) == 1 and len(rows[-1][0].text) <= SHORT_LABEL:
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows) if rows else None

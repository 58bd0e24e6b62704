"""EMAIL and HANDLE: addresses of mail, names in messengers and networks, links to profiles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.gazetteer import Everyday
from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.words import Found, Text

_EMAIL = re.compile(
    r"[\w.+\-]{1,64}\s?(?:@|\(at\)|\[at\]|\(собака\)|\sсобака\s|\ssobaka\s|\sат\s)\s?"
    r"[\w\-]{1,63}(?:\s?\.\s?|\s(?:точка|tochka|nuqta|нуқта|нүкте)\s)(?:[\w\-]{1,63}\.){0,3}(?:com|ru|kz|uz|tj|kg|net|org|info|su|ру|кз|ком)(?![\w])"
    r"|[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+",
    re.IGNORECASE,
)
_AT = re.compile(r"(?<![\w@.])@\s?[A-Za-zА-Яа-яЁё][\w.]{2,31}")
_SITES = (
    "t.me telegram.me telegram.dog instagram.com instagr.am vk.com vk.ru vkontakte.ru ok.ru odnoklassniki.ru facebook.com fb.com "
    "fb.me wa.me api.whatsapp.com chat.whatsapp.com tiktok.com youtube.com twitter.com x.com threads.net my.mail.ru imo.im "
    "snapchat.com linkedin.com m.me"
)
_SITE = "|".join(map(re.escape, _SITES.split()))
_LINK = re.compile(rf"(?<![\w.])(?:https?://|tg://)?(?:[\w\-]{{1,30}}\.)?(?:{_SITE})/[^\s,;]+[^\s,;.!?)»\"]", re.IGNORECASE)
_NICK = re.compile(r"(?<![\w@./])[_.]?[^\W\d_][^\W_]*(?:[._\-]+[^\W_]+)*_?(?![\w@])")
_IDNUMBER = re.compile(r"(?<![\w])id\d{5,12}(?![\w])", re.IGNORECASE)
WINDOW = 3  # words between the network's name and the nick


@dataclass(frozen=True, slots=True)
class Accounts:
    """Finds accounts in a text."""

    cues: Mapping[str, Phrases]
    everyday: Everyday

    def emails(self, text: Text) -> Iterator[Found]:
        """Addresses of mail, also with the sign said in words."""
        return (Found(m.start(), m.end(), 0.97) for m in _EMAIL.finditer(text.text)) if _hints_mail(text.text) else iter(())

    def handles(self, text: Text) -> Iterator[Found]:
        """@name, links, and a nick beside the name of a network."""
        for m in _AT.finditer(text.text):
            yield Found(m.start(), m.end(), 0.95)
        for m in _LINK.finditer(text.text):
            yield Found(m.start(), m.end(), 0.96)
        for m in _IDNUMBER.finditer(text.text):
            if self._network_before(text, m.start()):
                yield Found(m.start(), m.end(), 0.95)
        yield from self._nicks(text)

    def _nicks(self, text: Text) -> Iterator[Found]:
        if not any(self.cues["account"].has(word) for word in text.words):
            return
        latin = sum("a" <= c <= "z" for c in text.text.casefold()) > sum("а" <= c <= "ӿ" for c in text.text.casefold())
        for m in _NICK.finditer(text.text):
            if len(m[0]) < 3 or not self._network_before(text, m.start()) or self._is_network(text, m.start(), m.end()):
                continue
            if re.search(r"[\d_]" if m[0][0] > "z" else r"[\d_.]", m[0]):
                yield Found(m.start(), m.end(), 0.9)
            elif m[0].isascii() and (not latin or self._announced(text, m.start())) and not self._plain(text, m):
                yield Found(m.start(), m.end(), 0.8)

    def _network_before(self, text: Text, start: int) -> bool:
        return any(self.cues["account"].has(w) for w in text.before(start, WINDOW))

    def _is_network(self, text: Text, start: int, end: int) -> bool:
        return any(self.cues["account"].has(w) for w in text.after(start, 1) if w.end == end)

    def _announced(self, text: Text, start: int) -> bool:
        before = text.text[:start].rstrip()
        last = next((w for w in reversed(text.words) if w.end <= start), None)
        return before.endswith((":", "-", "=", "—", "–")) or (
            last is not None and last.folded in ("nik", "niki", "nikim", "username")
        )

    def _plain(self, text: Text, m: re.Match[str]) -> bool:
        return any(self.everyday.has(w.folded) for w in text.after(m.start(), len(m[0])) if w.end <= m.end())


def _hints_mail(text: str) -> bool:
    lowered = text.casefold()
    return "@" in text or "at" in lowered or "собака" in lowered or "sobaka" in lowered or " ат " in lowered


def same(handle: str) -> str:
    """What makes two spellings the same account."""
    return re.sub(r"^(?:https?://)?(?:www\.|m\.)?(?:t\.me|telegram\.me)/|^@\s?", "", handle.casefold()).strip("/. ")

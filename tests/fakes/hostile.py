"""Texts that broke somebody's program once: each must come through a channel as it is."""

from __future__ import annotations

HOSTILE = (
    "\x00",
    "salom\x00dunyo",
    "\u202eтекст наоборот\u202c",
    "\u2067\u2066a\u2069\u2069",
    "\ufeffкөмек",
    "z̸̢̛̖a̷l̶g̵o̴",
    "👩‍👩‍👧‍👦",
    "🇰🇿🆘",
    "كمك",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "*жирный* _курсив_ [a](tg://user?id=1) `код`",
    "&lt;b&gt;",
    "%s%n%d %00 %D0",
    "{{7*7}} ${7*7} {0}",
    '/intent{"a": 1}',
    "\\u0000 \\x00 \\",
    "../../etc/passwd",
    "null",
    "true",
    "123",
    "[1, 2]",
    '{"chat_id": 1}',
    "a\r\nX-Injected: 1",
    "ʻO‘zbek’ ʼ tili",
    "Ғғ Ққ Ҷҷ Ӣӣ Ӯӯ Ңң Әә",
    "а" * 10_000,
)

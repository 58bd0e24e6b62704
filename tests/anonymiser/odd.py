"""Texts that break things elsewhere, and such as would take long if the work grew with the square of what is found in them.

How long they take is a figure, `./run.sh bench hostile`, and no test.
"""

from __future__ import annotations

from hotline_bridge.anonymiser.anonymiser import LIMIT

# Controls, directions, lone surrogates, marks piled up, zero width, glued and endless words.
ODD = [
    "", " ", "\x00\x01\x1f", "\u202e8701\u202c1234567", "\ud800 меня зовут \udfff", "З\u0301а\u0301л\u0301г\u0301о\u0301" * 9,
    "8\u200b701\u200b123\u200b45\u200b67", "８７０１１２３４５６７", "٨٧٠١١٢٣٤٥٦٧", "8️⃣7️⃣0️⃣1️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣",
    "[PERSON_1][PERSON_", "[" * 500, "@" * 500,
    "«" * 300, "a-" * 900, "a." * 900, "1 " * 1500, "0о" * 1500, "ул. " * 900, "Ов" * 900, "меня зовут " * 300, "ИИН\n\n\n12",
    "<script>alert('Карим')</script>", "'; DROP TABLE people;--", "{{7*7}} ${7*7} %s %n", "ﷺ" * 200, "👩‍👩‍👧‍👦" * 100,
    "İstanbul ß ŉ ǅ",
    "د دیلنوزه ۰۹۱۲۳۴۵۶۷۸", "我的名字是古丽娜拉 电话 87011234567", "d" * LIMIT, "ң" * LIMIT, "x." * (LIMIT // 2), "к" * 60 + "ов",
    "этаж 5 " * 571, "ул Абая 5, " * 363, "«А Б» " * 666, "деген " * 666, "А. " * 1333, "87012345678 тг " * 266,
]  # fmt: skip

"""Passwords: what is accepted as one, and how it is kept and checked.

The rules are those of OWASP ASVS 5.0 (6.2) and NIST SP 800-63B: long, any characters, not a common one, no composition rules
and no forced change. argon2id with OWASP's parameters (Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane).
"""

from __future__ import annotations

import asyncio
import functools
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw

SHORTEST, LONGEST = 12, 128  # characters
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_COMMON = Path(__file__).parent / "common_passwords.txt"
# Words by which whoever knows what this is would begin to guess (docs/security.md).
_OURS = frozenset(
    {
        "komek", "kömek", "kumak", "ko'mak", "көмек", "комек", "кумак", "hotline", "helpline", "migrant", "мигрант", "помощь",
        "console", "консоль", "operator", "оператор", "supervisor", "administrator", "администратор", "auditor", "telegram",
        "twilio", "kannel", "kazakhstan", "qazaqstan", "казахстан", "қазақстан", "астана", "алматы",
    }
)  # fmt: skip


def fault(password: str, login: str) -> str | None:
    """Why `password` cannot be the one of `login`: too_short, too_long, common or like_login; None when it can."""
    password = normal(password)
    if len(password) < SHORTEST:
        return "too_short"
    if len(password) > LONGEST:
        return "too_long"
    low = password.casefold()
    if len(login) >= 3 and login.casefold() in low:
        return "like_login"
    return "common" if _is_common(low) else None


def _is_common(low: str) -> bool:
    """A common one, one of our own words, or such a one with digits and signs around it, or repeated."""
    stem = low.strip("0123456789 .,!?_-+*#@$%&()/\\=:;")
    return any(word in _common() or word in _OURS for word in {low, stem, _unit(low), _unit(stem)}) or len(set(low)) < 5


def _unit(word: str) -> str:
    """The shortest part of which `word` is a repetition; `word` itself if it is none."""
    at = (word + word).find(word, 1)
    return word[:at] if at > 0 else word


@functools.cache
def _common() -> frozenset[str]:
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("# "))


def normal(password: str) -> str:
    """The same password from any keyboard (NIST SP 800-63B, 3.1.1.2: normalise before hashing)."""
    return unicodedata.normalize("NFC", password)


async def hashed(password: str) -> str:
    """An argon2id hash with its salt and parameters. In a thread: the event loop goes on meanwhile."""
    return await asyncio.to_thread(_HASHER.hash, normal(password))


async def fits(password_hash: str | None, password: str) -> bool:
    """Whether `password` was hashed to this. Without a hash the same work is done for nothing: time tells nobody."""
    return await asyncio.to_thread(_fits, password_hash, normal(password)[: LONGEST + 1])


async def stretched(words: str, salt: bytes) -> bytes:
    """32 bytes by which `words` are known again under the same salt; as dear to guess as a password."""
    return await asyncio.to_thread(_stretched, words.encode("utf-8", "replace"), salt)


def _stretched(words: bytes, salt: bytes) -> bytes:
    return hash_secret_raw(words, salt, _HASHER.time_cost, _HASHER.memory_cost, _HASHER.parallelism, 32, Type.ID)


def _fits(password_hash: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _nobody() -> str:
    """The hash that is checked where there is none."""
    return _HASHER.hash("nobody has this password")


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)

"""The second factor: codes that change every 30 seconds (TOTP, RFC 6238) and recovery codes on paper. Pure but for randomness."""

from __future__ import annotations

import hmac
import io
import secrets
from datetime import datetime

import pyotp
import segno

STEP = 30  # seconds
WINDOW = 1  # steps that a clock may be off
RECOVERY_CODES = 10
# What the code's app shows beside the login. It lies on a telephone that others may see, so it says nothing.
ISSUER = "Console"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another on paper


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 recommends."""
    return pyotp.random_base32(32)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, within the window around `now`; None for a wrong code. Equal time for every code."""
    totp = pyotp.TOTP(secret, interval=STEP)
    present = int(now.timestamp()) // STEP
    digits = "".join(code.split())
    found = None
    for step in range(present - WINDOW, present + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode("utf-8", "replace")):
            found = step
    return found


def address(secret: str, login: str) -> str:
    """What the code's app reads from the QR picture (otpauth://)."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=login, issuer_name=ISSUER)


def picture(secret: str, login: str) -> str:
    """The QR picture that the code's app reads."""
    return drawn(address(secret, login))


def drawn(words: str) -> str:
    """A QR picture as SVG to stand in a page: dark on light in either theme, so that every camera reads it."""
    svg = io.BytesIO()
    made = segno.make(words, error="m")
    made.save(svg, kind="svg", xmldecl=False, svgns=True, dark="#000", light="#fff", border=4, scale=5, omitsize=True)
    return svg.getvalue().decode()


def spaced(secret: str) -> str:
    """The secret for typing, in groups of four."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def new_recovery_codes() -> list[str]:
    """Ten codes of 59 random bits each, in three groups of four letters."""
    return ["-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)) for _ in range(RECOVERY_CODES)]


def normal_recovery_code(code: str) -> str:
    """A recovery code as it is hashed, however it was typed."""
    return "".join(c for c in code.lower() if c.isalnum())


def looks_like_recovery_code(code: str) -> bool:
    """Whether this was meant as a recovery code rather than six digits."""
    return len(normal_recovery_code(code)) > 8

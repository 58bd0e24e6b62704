"""The state of the box in which an operator writes. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from hotline_bridge.flow.reply_checks import Finding, must_be_asked


@dataclass(frozen=True, slots=True)
class Box:
    """text: what stands in it; fault, done: a sentence about what became of it; confirm: what a second press sends along."""

    text: str = ""
    findings: tuple[Finding, ...] = ()
    fault: str | None = None
    done: str | None = None
    confirm: str | None = None

    @property
    def stopped(self) -> bool:
        """Whether it cannot be sent as things stand."""
        return any(one.weight == "stop" for one in self.findings)


EMPTY = Box()


def pressed(text: str, findings: tuple[Finding, ...], confirmed: str) -> Box | None:
    """What a press of the button leads to: None sends, else the box as it comes back.

    A second press counts for this very text and these very findings: who changed something is asked anew.
    """
    box = Box(text, findings)
    if box.stopped:
        return box
    asked = must_be_asked(findings)
    if not asked or confirmed == confirmation(text, asked):
        return None
    return Box(text, findings, confirm=confirmation(text, asked))


def confirmation(text: str, asked: tuple[str, ...]) -> str:
    """Known again on the second press; a form brings line ends of its own."""
    plain = text.replace("\r\n", "\n").strip()
    return hashlib.sha256("\0".join([plain, *asked]).encode("utf-8", "surrogatepass")).hexdigest()[:32]

"""What a fake provider does wrong when it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """One answer in place of the right one: a status with a body, after `delay` seconds.

    status 0 closes the connection without an answer; a delay beyond the client's limit is a time-out.
    """

    status: int = 500
    body: bytes = b""
    content_type: str = "application/json"
    delay: float = 0.0


@dataclass
class Faults:
    """Faults that wait for the next calls; under None, for calls of any method."""

    waiting: dict[str | None, list[Fault]] = field(default_factory=dict)

    def add(self, fault: Fault, method: str | None = None, times: int = 1) -> None:
        self.waiting.setdefault(method, []).extend([fault] * times)

    def take(self, method: str | None = None) -> Fault | None:
        for key in (method, None):
            if self.waiting.get(key):
                return self.waiting[key].pop(0)
        return None

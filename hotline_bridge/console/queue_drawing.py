"""The queue's rows as HTML. A row that looks as it did is not drawn again, whoever asks."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from hotline_bridge.console.board import Row
from hotline_bridge.console.queue_rows import Shown
from hotline_bridge.console.templates import Templates

KEPT = 2000  # drawn rows


class Drawing:
    """Made once for the process."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._row = lru_cache(maxsize=KEPT)(self._drawn)

    def rows(self, language: str, rows: list[Shown]) -> dict[str, Row]:
        """Each by its conversation, in their order."""
        return {str(row.conversation): self._row(language, row) for row in rows}

    def below(self, language: str, **context: Any) -> Markup:
        """What stands under them: how many are not shown."""
        return self._made(language, "queue/_below.html", context)

    def _drawn(self, language: str, row: Shown) -> Row:
        look = hashlib.sha256(f"{language} {row}".encode()).hexdigest()[:12]
        return Row(look, self._made(language, "queue/_row.html", {"row": row, "look": look}))

    def _made(self, language: str, name: str, context: dict[str, Any]) -> Markup:
        return Markup(self._templates.render(language, name, context))  # noqa: S704 - escaped by the template

"""Reading the console's pages without a browser."""

from __future__ import annotations

import re


def field_of(page: str, pattern: str) -> str:
    """What stands in a page at the pattern's group."""
    found = re.search(pattern, page)
    assert found, f"{pattern} is not in {page[:3000]}"
    return found[1]

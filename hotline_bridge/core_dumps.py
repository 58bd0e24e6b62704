"""A process that crashes may leave its whole memory in a file: words, addresses and keys. Ours leave none."""

from __future__ import annotations

import resource


def forbid() -> None:
    """For this process and all that it starts. Where the system hands dumps to a program, that program must heed the limit."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

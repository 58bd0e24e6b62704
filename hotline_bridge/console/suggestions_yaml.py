"""Accepted sentences as a file of nlu/training. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from hotline_bridge.flow.suggest import Sentence

_HEAD = "# Sentences that were misunderstood, without names. Read each before it goes to the file that stands above its block.\n"


def training(sentences: Iterable[Sentence]) -> bytes:
    """Grouped by language and intent, each sentence once, in the order of the alphabet: nothing tells which came first."""
    found = sorted({(one.language, one.meant, one.text) for one in sentences})
    blocks = [
        f"# nlu/training/{language}/{meant}.yml\n- intent: {meant}\n  examples: |\n"
        + "".join(f"    - {text}\n" for *_, text in group)
        for (language, meant), group in groupby(found, key=lambda one: one[:2])
    ]
    return f'{_HEAD}version: "3.1"\nnlu:\n{"".join(blocks)}'.encode()

"""Reads the linguists' folder nlu/ into sentences. No Rasa: the same data trains the language model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("kk", "ru", "uz", "tg")
OTHER = "other"
OUT_OF_SCOPE = "out_of_scope"


class CorpusWrong(Exception):
    """A training file cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True)
class Sentence:
    """One training sentence. `language` is None where it cannot be told."""

    text: str
    intent: str
    language: str | None
    mixed: bool = False


def sentences(nlu: Path) -> list[Sentence]:
    """Every sentence of nlu/training, in the order of folders, files and lines. Raises CorpusWrong."""
    mixed = _languages(nlu / "training" / "mixed" / "languages.jsonl")
    strays = _languages(nlu / "training" / "strays.jsonl")
    found: list[Sentence] = []
    for path in sorted((nlu / "training").glob("*/*.yml")):
        folder = path.parent.name
        for intent, text in _examples(path):
            if folder in LANGUAGES:
                found.append(Sentence(text, intent, strays.get(text, folder)))
            else:
                found.append(Sentence(text, intent, mixed.get(text), mixed=True))
    if not found:
        raise CorpusWrong(f"no training sentences in {nlu / 'training'}")
    return found


def other_languages(nlu: Path) -> list[str]:
    """Sentences of languages that Komek does not speak, and nonsense."""
    lines: list[str] = []
    for path in sorted((nlu / "other").glob("*.txt")):
        lines += [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return lines


def language_names(nlu: Path) -> dict[str, list[str]]:
    """How people name each language when they ask for it."""
    path = nlu / "lookups" / "languages.yml"
    names = _yaml(path) if path.exists() else {}
    return {str(code): [str(name) for name in entries] for code, entries in names.items() if code in LANGUAGES}


def _examples(path: Path) -> Iterator[tuple[str, str]]:
    for block in (_yaml(path) or {}).get("nlu", []):
        if not isinstance(block, dict) or not isinstance(block.get("examples"), str) or "intent" not in block:
            raise CorpusWrong(f"{path.parent.name}/{path.name}: a block needs an intent and examples")
        for line in block["examples"].splitlines():
            if line.strip():
                yield block["intent"], _example(line.strip(), path)


def _example(line: str, path: Path) -> str:
    if not line.startswith("- "):
        raise CorpusWrong(f"{path.parent.name}/{path.name}: an example must start with '- ': {line[:20]}")
    return line[2:].strip()


def _languages(path: Path) -> dict[str, str | None]:
    """The language of single sentences; a stray one that could be two languages' has none."""
    if not path.exists():
        return {}
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {row["text"]: row["lang"] for row in rows}


def _yaml(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise CorpusWrong(f"{path.parent.name}/{path.name}: {error}") from error

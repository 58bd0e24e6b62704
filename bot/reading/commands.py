"""Order words: a whole message that is a command, such as STOP; "stop him" is not one. A bare cry for help is one, too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import yaml

from bot.reading.spelling import fold

Command = Literal["cry", "stop", "start", "help", "more", "source", "clear", "delete", "operator", "yes", "no"]
COMMANDS: tuple[str, ...] = get_args(Command)


class CommandsWrong(Exception):
    """A file of command words cannot be used; the message names the file and the entry."""


@dataclass(frozen=True)
class Commands:
    """Folded message to command. Where two languages disagree on a word, the command earlier in COMMANDS wins."""

    words: dict[str, Command]

    @classmethod
    def load(cls, folder: Path) -> Commands:
        """Reads every <language>.yml of the folder."""
        found: dict[str, Command] = {}
        for path in sorted(folder.glob("*.yml")):
            for name, words in _entries(path).items():
                for word in words or ():
                    _add(found, fold(_text(word)), cast(Command, name))
        return cls(found)

    def match(self, text: str) -> Command | None:
        """The command that the whole message is, or None. Case, script, marks and punctuation do not matter."""
        return self.words.get(fold(text))


def _entries(path: Path) -> dict[str, list[object]]:
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    named = {_text(name): words for name, words in entries.items()} if isinstance(entries, dict) else {"": []}
    if not set(named) <= set(COMMANDS):
        raise CommandsWrong(f"{path.name}: only {', '.join(COMMANDS)} may stand here")
    return named


def _text(word: object) -> str:
    # YAML reads an unquoted `yes` or `no` as a truth value.
    return {True: "yes", False: "no"}[word] if isinstance(word, bool) else str(word)


def _add(found: dict[str, Command], word: str, name: Command) -> None:
    known = found.get(word)
    if word and (known is None or COMMANDS.index(name) < COMMANDS.index(known)):
        found[word] = name

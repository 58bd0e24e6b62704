"""Everything that reads a message, put together as serving does: commands, danger list, language, Rasa's components."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.current_model import RASA_MODEL
from bot.reading.commands import Commands
from bot.reading.confidence import SAFETY, Decision
from bot.reading.danger import DangerList
from bot.reading.language import LanguageReader
from bot.reading.model_file import check

# A command word is answered as if its intent had been understood.
INTENT_OF_COMMAND = {
    "stop": "stop_messages", "help": "ask_help", "delete": "delete_my_data", "operator": "talk_to_operator",
    "yes": "affirm", "no": "deny", "start": "start_over",
}  # fmt: skip


@dataclass(frozen=True)
class Understanding:
    """What would become of a message. `ranking` holds names with probabilities, likeliest first."""

    intent: str
    ranking: tuple[tuple[str, float], ...]
    language: str | None
    script: str | None
    safety: bool  # a safety reply or its confirming question would be given
    decision: Decision

    @property
    def confidence(self) -> float:
        return self.ranking[0][1]


class Reader:
    """Reads one message after another without a dialogue. Nothing of a message is logged or kept."""

    def __init__(self, model: Path, nlu: Path) -> None:
        """Raises ModelDamaged."""
        from rasa.core.agent import Agent

        self._language = LanguageReader.load(model)
        self._danger = DangerList.load(nlu / "danger")
        self._commands = Commands.load(nlu / "commands")
        check(model / RASA_MODEL)
        self._agent = Agent.load(str(model / RASA_MODEL))

    def parse(self, text: str) -> dict[str, Any]:
        """What Rasa's own components make of the text."""
        return dict(_finished(self._agent.parse_message(text.lstrip("/ "))))

    def read(self, text: str) -> Understanding:
        seen = self._language.read(text)
        ranking, parsed, decision = self._ranked(text)
        danger = self._danger.check(text)
        if danger is not None and danger.certainty == "certain":
            ranking, decision = _put_first(danger.intent, ranking), "answer"
        cries = self._commands.match(text) == "cry"
        safety = cries or danger is not None or parsed in (*SAFETY, "maybe_danger")
        return Understanding(ranking[0][0], ranking, seen.language, seen.script, safety, decision)

    def _ranked(self, text: str) -> tuple[tuple[tuple[str, float], ...], str, Decision]:
        """The ranking, the intent that the dialogue goes by, and the decision."""
        command = self._commands.match(text)
        if command in INTENT_OF_COMMAND:
            name = INTENT_OF_COMMAND[command]
            return ((name, 1.0),), name, "answer"
        parsed = self.parse(text)
        ranking = tuple((intent["name"], float(intent["confidence"])) for intent in parsed["intent_ranking"])
        # Nothing of the text is known: what serving answers with an offer of a person is counted as out of scope.
        return ranking or (("out_of_scope", 0.0),), str(parsed["intent"]["name"]), parsed["decision"]


def _finished(reading: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine that waits for nothing returns. In serving a loop is running; starting one here would be measured too."""
    try:
        reading.send(None)
    except StopIteration as done:
        return done.value
    raise RuntimeError("Rasa waits for something while it reads")


def _put_first(intent: str, ranking: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    return ((intent, 1.0), *(entry for entry in ranking if entry[0] != intent))

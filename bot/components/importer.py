"""Gives Rasa the linguists' sentences with the language of each, and the dialogue author's rules."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.reading.concepts import words_of
from bot.training.corpus import OUT_OF_SCOPE, Sentence, language_names, other_languages, sentences

# A lookup table whose name begins so holds the words of a concept, not the names of a language.
CONCEPT = "concept "


class Folders(RasaFileImporter):
    """Reads training paths: a folder with a subfolder `training` is the linguists', all others hold rules."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        paths = [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths or []
        self._nlu = [Path(path) for path in paths if (Path(path) / "training").is_dir()]
        super().__init__(config_file, domain_path, [path for path in paths if Path(path) not in self._nlu])

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Sentences as messages that carry their language, names of languages as lookup tables."""
        messages: list[Message] = []
        tables: list[dict[str, object]] = []
        for folder in self._nlu:
            found = sentences(folder)
            found += [Sentence(text, OUT_OF_SCOPE, None) for text in other_languages(folder)]
            messages += [_message(sentence) for sentence in found]
            tables += [{"name": code, "elements": names} for code, names in language_names(folder).items()]
            tables += [{"name": CONCEPT + name, "elements": words} for name, words in words_of(folder / "concepts").items()]
        return TrainingData(messages, lookup_tables=tables)


def _message(sentence: Sentence) -> Message:
    message = Message.build(sentence.text, sentence.intent)
    message.set("language", sentence.language)
    return message

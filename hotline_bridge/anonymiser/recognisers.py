"""Presidio's analyser with our recognisers: one for each label, all on one reading of the text, none of them on a network."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from hotline_bridge.anonymiser import gazetteer, names, places, spoken
from hotline_bridge.anonymiser.accounts import Accounts
from hotline_bridge.anonymiser.addresses import Addresses
from hotline_bridge.anonymiser.dates import BirthDates
from hotline_bridge.anonymiser.documents import Documents
from hotline_bridge.anonymiser.firms import Firms
from hotline_bridge.anonymiser.honours import Honours
from hotline_bridge.anonymiser.names import Names
from hotline_bridge.anonymiser.people import People
from hotline_bridge.anonymiser.phones import Phones
from hotline_bridge.anonymiser.pieces import Known
from hotline_bridge.anonymiser.places import Places
from hotline_bridge.anonymiser.plates import Plates
from hotline_bridge.anonymiser.presidio import (
    AnalyzerEngine,
    ContextAwareEnhancer,
    EntityRecognizer,
    NlpArtifacts,
    NlpEngine,
    RecognizerRegistry,
    RecognizerResult,
)
from hotline_bridge.anonymiser.quotations import Quotations
from hotline_bridge.anonymiser.signs import Signs
from hotline_bridge.anonymiser.spoken import Spoken
from hotline_bridge.anonymiser.words import Found, Text, read
from hotline_bridge.anonymiser.workplaces import Workplaces

LANGUAGE = "xx"  # one for all: people mix languages within a sentence, and our recognisers know all four
Finder = Callable[[Text], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Lists:
    """What was read from gazetteers/ when the process started."""

    names: Names
    places: Places
    spoken: Spoken
    honours: Honours
    finders: dict[str, Finder]


class Reading(NlpArtifacts):
    """The words of a text in the place where Presidio's recognisers look for what a language model said."""

    def __init__(self, text: str) -> None:
        super().__init__([], [], [], [], None, LANGUAGE)  # type: ignore[arg-type] # no spaCy here
        self.read = read(text)


class Reader(NlpEngine):
    """Reads words and nothing else, so that no language model is loaded or looked for on the network."""

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """The text's words."""
        del language
        return Reading(text)

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1, **_: object
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """Each text's words."""
        del batch_size, n_process
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:
        """Not asked: what stands around an identifier is the recognisers' own matter."""
        del word, language
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Not asked."""
        del word, language
        return False

    def get_supported_entities(self) -> list[str]:
        """None of its own."""
        return []

    def get_supported_languages(self) -> list[str]:
        """One name for all languages."""
        return [LANGUAGE]


class Unchanged(ContextAwareEnhancer):
    """Leaves scores as the recognisers gave them."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """The results as they are."""
        del text, nlp_artifacts, recognizers, context
        return raw_results


class Recogniser(EntityRecognizer):
    """Gives what a finder found to Presidio."""

    def __init__(self, label: str, finder: Finder) -> None:
        self._finder = finder
        super().__init__(supported_entities=[label], supported_language=LANGUAGE, name=label.lower())

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts) -> list[RecognizerResult]:
        """Spans of this label."""
        del text, entities
        (label,) = self.supported_entities
        assert isinstance(nlp_artifacts, Reading)
        return [RecognizerResult(label, *found) for found in self._finder(nlp_artifacts.read)]


def every(*finders: Finder) -> Finder:
    """What any of them finds."""
    return lambda text: itertools.chain.from_iterable(find(text) for find in finders)


def load() -> Lists:
    """Read gazetteers/ and make the finder of each label."""
    cues, known, where, numbers = gazetteer.load_cues(), names.load(), places.load(), spoken.load()
    streets = gazetteer.folded(gazetteer.load_words(gazetteer.FOLDER / "streets.txt"))
    public = gazetteer.folded(gazetteer.load_words(gazetteer.FOLDER / "public.txt"))
    firms = gazetteer.folded(gazetteer.load_words(gazetteer.FOLDER / "firms.txt"))
    endings = {name: tuple(listed) for name, listed in gazetteer.load_yaml(gazetteer.FOLDER / "endings.yml").items()}
    honours = Honours(cues, known.endings)
    documents, accounts = Documents(cues), Accounts(cues, known.everyday)
    return Lists(
        known,
        where,
        numbers,
        honours,
        {
            "CARD": documents.cards,
            "IBAN": documents.ibans,
            "IIN": documents.iins,
            "PASSPORT": documents.passports,
            "EMAIL": accounts.emails,
            "HANDLE": accounts.handles,
            "PHONE": Phones(cues, numbers).find,
            "DOB": BirthDates(cues, numbers, known).find,
            "PLATE": Plates(cues, known.everyday).find,
            "ADDRESS": Addresses(Known(known, where, streets, cues), numbers).find,
            "WORKPLACE": every(
                Quotations(known, firms, cues).find,
                Workplaces(known, where, firms, cues, endings["verb"]).find,
                Firms(known.everyday, firms, public, cues).find,
            ),
            "PERSON": People(known, where, cues, public, gazetteer.load_never(), Signs(cues, endings["role"], honours)).find,
        },
    )


def analyser(finders: dict[str, Finder]) -> AnalyzerEngine:
    """Presidio with our recognisers and none of its own (its e-mail recogniser asks the network for a list)."""
    registry = RecognizerRegistry(supported_languages=[LANGUAGE])
    for label, finder in finders.items():
        registry.add_recognizer(Recogniser(label, finder))
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=Reader(),
        supported_languages=[LANGUAGE],
        log_decision_process=False,
        context_aware_enhancer=Unchanged(),
    )

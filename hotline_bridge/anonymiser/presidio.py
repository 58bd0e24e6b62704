"""Presidio's analyser and anonymiser without spaCy and tldextract: sixty megabytes less, and nothing that asks the network.

Presidio imports both for recognisers that are not used here; tldextract is the part that fetches a list. While Presidio is
imported, stand-ins answer for them; where somebody has imported the real spaCy before, that is used."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LEFT_OUT = ("spacy", "spacy.language", "spacy.tokens", "spacy.util", "tldextract")


class _Named(type):
    """Its classes may be named and used as decorators, and do nothing."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn

    def __call__(cls, *given: Any, **_: Any) -> Any:
        return given[0] if len(given) == 1 and callable(given[0]) else StandIn


class StandIn(metaclass=_Named):
    """In place of any class or function of a package that is left out."""


class _Module(types.ModuleType):
    __path__: list[str] = []  # noqa: RUF012 # so that it may be imported from as a package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn


@contextmanager
def _left_out() -> Iterator[None]:
    if "spacy" in sys.modules or "presidio_analyzer" in sys.modules:
        yield
        return
    put = {name: _Module(name) for name in LEFT_OUT if name not in sys.modules}
    sys.modules.update(put)
    try:
        yield
    finally:
        for name in put:
            del sys.modules[name]


with _left_out():
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
    from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
    from presidio_anonymizer import AnonymizerEngine
    from presidio_anonymizer.entities import OperatorConfig
    from presidio_anonymizer.entities import RecognizerResult as Hidden
    from presidio_anonymizer.operators import Operator, OperatorType

__all__ = [
    "AnalyzerEngine",
    "AnonymizerEngine",
    "ContextAwareEnhancer",
    "EntityRecognizer",
    "Hidden",
    "NlpArtifacts",
    "NlpEngine",
    "Operator",
    "OperatorConfig",
    "OperatorType",
    "RecognizerRegistry",
    "RecognizerResult",
]

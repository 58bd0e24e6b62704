"""The lawyer's and the translators' files as they are, and a day that does not move."""

from __future__ import annotations

from datetime import date

import pytest

from hotline_bridge import knowledge
from hotline_bridge.check import VOICES
from hotline_bridge.knowledge import Knowledge
from hotline_bridge.messages import Voice
from hotline_bridge.replies import catalogs
from hotline_bridge.replies.render import Renderer
from hotline_bridge.settings import PROJECT


@pytest.fixture(scope="session")
def loaded() -> Knowledge:
    return knowledge.load(PROJECT / "knowledge")


@pytest.fixture(scope="session")
def renderer(loaded: Knowledge) -> Renderer:
    return Renderer(loaded, catalogs.load(PROJECT / "locales"))


@pytest.fixture(scope="session")
def today(loaded: Knowledge) -> date:
    """A day on which nothing is stale, whatever the calendar says."""
    used = {fact for text in loaded.texts() for fact in text.facts}
    return min([loaded.facts[fact].review_by for fact in used] + [index.review_by for index in loaded.mci.values()][-1:])


@pytest.fixture(params=VOICES, ids=lambda voice: f"{voice.language}-{voice.script}")
def voice(request: pytest.FixtureRequest) -> Voice:
    found: Voice = request.param
    return found

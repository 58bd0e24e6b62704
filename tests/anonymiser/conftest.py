"""One anonymiser for all tests of this folder: reading its lists takes a moment."""

from __future__ import annotations

import pytest

from hotline_bridge.anonymiser.anonymiser import Anonymiser


@pytest.fixture(scope="session")
def anonymiser() -> Anonymiser:
    return Anonymiser()

"""What may stand in the trail: nothing that somebody wrote."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.audit.entries import ACTIONS, plain

ID = UUID(int=7)
WITH_FACTS = sorted(action for action, facts in ACTIONS.items() if facts)


@given(st.sampled_from(WITH_FACTS), st.text(), st.data())
def test_whatever_somebody_typed_is_refused_as_a_fact(action: str, typed: str, data: st.DataObject) -> None:
    fact = data.draw(st.sampled_from(sorted(ACTIONS[action])))
    try:
        stored = plain(action, {fact: typed})[fact]
    except ValueError as error:
        said = str(error)
    else:
        said = stored
        assert stored.isascii()
        assert len(stored) < 20
        assert not any(c.isspace() for c in stored)
    assert said in (typed, f"the fact {fact} is neither an id, a day, a count nor a name from its list")


@pytest.mark.parametrize("typed", ["+77011234567", "87011234567", "Nargiza", "nargiza", "меня зовут", "2026-11-30", "", "O-N1 x"])
@pytest.mark.parametrize(("action", "fact"), [("reveal_asked", "what"), ("referral_made", "organisation")])
def test_a_name_or_a_number_is_no_fact(action: str, fact: str, typed: str) -> None:
    with pytest.raises(ValueError, match=f"the fact {fact} is neither"):
        plain(action, {fact: typed})


def test_a_telephone_number_is_no_count() -> None:
    with pytest.raises(ValueError, match="organisation"):
        plain("referral_made", {"organisation": 77011234567})
    with pytest.raises(ValueError, match="times"):
        plain("reveal_shown", {"times": 77011234567})


@pytest.mark.parametrize(
    ("action", "facts", "stored"),
    [
        ("handed_over", {"to": ID}, {"to": str(ID)}),
        ("identified", {"on": date(2026, 11, 30)}, {"on": "2026-11-30"}),
        ("reveal_asked", {"what": "PHONE_12", "danger": True}, {"what": "PHONE_12", "danger": "yes"}),
        ("reveal_asked", {"what": "address", "danger": False}, {"what": "address", "danger": "no"}),
        ("closed", {"outcome": "referred"}, {"outcome": "referred"}),
        ("referral_made", {"organisation": "O-N10", "revealed": 0}, {"organisation": "O-N10", "revealed": "0"}),
        ("claimed", {}, {}),
    ],
)
def test_ids_days_counts_and_listed_names_are_facts(action: str, facts: dict[str, Any], stored: dict[str, str]) -> None:
    assert plain(action, facts) == stored


@pytest.mark.parametrize(
    ("action", "facts"),
    [
        ("read_everything", {}),
        ("claimed", {"outcome": "referred"}),
        ("closed", {"outcome": "went well"}),
        ("identified", {"on": datetime(2026, 11, 30, tzinfo=UTC)}),
    ],
)
def test_what_is_not_foreseen_is_refused(action: str, facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"action|fact"):
        plain(action, facts)

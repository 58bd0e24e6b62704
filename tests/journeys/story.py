"""What people do in the canary test: they write, and they are forgotten. Staff: staff.py; what goes wrong: faults.py."""

from __future__ import annotations

import re
from uuid import UUID

from journeys.channels import PATIENCE
from journeys.house import House
from journeys.identifiers import EVERYBODY, GULBAHOR, MAHLIYO
from journeys.pages import field_of
from journeys.system import until


def everybody_writes(house: House) -> dict[str, UUID]:
    """All four, by all three channels; a request for a human, agreed words, a cry for help. Their conversations by name."""
    found = {}
    for who in EVERYBODY:
        for text in who.texts[: 4 if who is GULBAHOR else 2]:
            house.writes(who, text)
        found[who.name] = newest(house)
    house.is_quiet()
    assert not [who.name for who in EVERYBODY if not house.heard(who)]
    opened, _ = house.asks(GULBAHOR, "хочу поговорить с живым человеком", 2)
    code = field_of(opened, r"(\d\d-\d{4})")
    house.hides("Gulbahor: number of the request", code, bounded=True)
    house.asks(GULBAHOR, "здесь")
    _, told = house.asks(GULBAHOR, "в любое время", 2)
    known, alarm, _ = re.findall(r"«(\w+)»", told)
    house.hides("Gulbahor: the agreed word", known)
    house.hides("Gulbahor: the word of alarm", alarm)
    house.asks(GULBAHOR, f"меня бьют помогите, звоните {GULBAHOR.planted['number']}")
    return found


def newest(house: House) -> UUID:
    """The conversation in which was written last."""
    one: UUID = house.system.ask("SELECT conversation_id FROM inbox ORDER BY received_at DESC LIMIT 1")[0][0]
    return one


def two_delete_their_data(house: House, found: dict[str, UUID]) -> None:
    """Gulbahor and Mahliyo, by their own word, from their own phones."""
    house.system.do("UPDATE conversations SET operator_id = NULL")
    house.system.do("UPDATE tickets SET state = 'closed', closed_at = now(), outcome = 'referred'")
    for who, yes in ((GULBAHOR, "да"), (MAHLIYO, "ҳа")):
        house.asks(who, "/delete")
        house.writes(who, yes)
        until(lambda w=who: not _known(house, found[w.name]), PATIENCE, f"{who.name} is forgotten; {house.system.tail()}")


def the_others_are_forgotten(house: House) -> None:
    """By time: three months pass."""
    house.is_quiet()
    house.system.do("UPDATE tickets SET state = 'closed', closed_at = now(), outcome = 'referred'")
    house.time_passes(days=90)
    assert not house.system.ask("SELECT 1 FROM vault.keys")


def _known(house: House, conversation: UUID) -> bool:
    return bool(house.system.ask("SELECT 1 FROM vault.keys WHERE conversation_id = %s", conversation))

"""Real Kannel carries a conversation both ways: from a phone through bearerbox, the whole of Komek, and back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.kannel_daemons import Kannel, kannel_at, missing
from journeys.system import System, until

# ./run.sh test installs Kannel (tests/kannel/install.sh); it cannot without root or without Debian's packages.
pytestmark = pytest.mark.skipif(missing() is not None, reason=missing() or "")
PHONE = "+77010001122"


@pytest.fixture(scope="module")
def phones(module_database: str) -> Iterator[tuple[System, Kannel]]:
    """Komek with Kannel as its only channel, and the phones of Kannel's fake operator."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder, tempfile.TemporaryDirectory(prefix="kannel-") as spool:
        system = System(module_database, Path(folder))
        kannel = kannel_at(Path(spool), system.web_url)
        system.env |= {
            "KANNEL_SENDSMS_URL": kannel.sendsms_url,
            "KANNEL_USERNAME": kannel.username,
            "KANNEL_PASSWORD": kannel.password,
            "KANNEL_FROM": kannel.number,
            "KANNEL_INBOUND_SECRET": kannel.secret,
        }
        system.start("rasa", "actions", "web", "worker")
        try:
            system.ready("web", "actions", "rasa")
            kannel.start()
            yield system, kannel
        finally:
            kannel.stop()
            system.stop()


def test_a_question_by_sms_is_answered_on_the_phone_and_reported(phones: tuple[System, Kannel]) -> None:
    system, kannel = phones
    kannel.person_writes(PHONE, "не платят зарплату третий месяц")
    until(lambda: kannel.phones.texts(PHONE), 20, "the first page")
    page = kannel.phones.texts(PHONE)[0]
    assert "10" in page
    pieces = [s for s in kannel.received if s.receiver.lstrip("+") == PHONE.lstrip("+")]
    assert 1 <= len(pieces) <= 3
    kannel.person_writes(PHONE, "1")
    until(lambda: len(kannel.phones.texts(PHONE)) == 2, 20, "the second page")
    assert kannel.phones.texts(PHONE)[1] != page
    until(
        lambda: system.ask("SELECT count(*) FROM outbox WHERE status = 'delivered'") == [(2,)], 20, "both are reported delivered"
    )


def test_a_cry_in_latin_letters_costs_few_segments_and_names_the_number(phones: tuple[System, Kannel]) -> None:
    _, kannel = phones
    number = "+998901112233"
    kannel.person_writes(number, "meni urishyapti yordam beringlar")
    until(lambda: kannel.phones.texts(number), 20, "the safety reply")
    assert "112" in kannel.phones.texts(number)[0]

"""Ready replies: in every voice, within an SMS' budget, true today, and never of another language's page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from hotline_bridge.knowledge import Knowledge
from hotline_bridge.messages import Voice
from hotline_bridge.replies.choices import PAGE_SEGMENTS
from hotline_bridge.replies.ready import PREFIX, ready
from hotline_bridge.replies.render import Renderer
from hotline_bridge.sms_text import cost, plain

RUSSIAN = Voice("ru", "cyrl")


def keys(loaded: Knowledge) -> list[str]:
    return [key for key in loaded.replies if key.startswith(PREFIX)]


def test_each_is_there_in_every_voice_and_cheap(renderer: Renderer, loaded: Knowledge, voice: Voice, today: date) -> None:
    found = ready(renderer, voice, RUSSIAN, today)
    assert [one.key for one in found] == keys(loaded)
    assert len(found) >= 15
    for one in found:
        assert cost(plain(one.text)).segments <= PAGE_SEGMENTS, one.key
        assert one.text != loaded.replies[one.key].text


def test_the_operator_reads_each_in_their_own_language(renderer: Renderer, today: date) -> None:
    for one in ready(renderer, Voice("tg", "cyrl"), RUSSIAN, today):
        assert one.gloss
        assert one.gloss != one.text
    assert all(one.gloss is None for one in ready(renderer, RUSSIAN, RUSSIAN, today))


def test_a_number_stands_in_it_only_as_a_placeholder(loaded: Knowledge) -> None:
    assert not [key for key in keys(loaded) if re.search(r"(?<!\{p)\b\d{3}\b", loaded.replies[key].text)]


def test_what_rests_on_a_stale_fact_is_not_offered(renderer: Renderer, loaded: Knowledge, today: date) -> None:
    fact = loaded.facts["F-CONF-3"]
    stale = replace(loaded, facts={**loaded.facts, "F-CONF-3": replace(fact, review_by=date(2020, 1, 1))})
    offered = {one.key for one in ready(replace(renderer, knowledge=stale), RUSSIAN, RUSSIAN, today)}
    assert set(keys(loaded)) - offered == {"ready_duty"}


def test_what_names_a_number_that_may_not_be_shown_is_not_offered(renderer: Renderer, loaded: Knowledge, today: date) -> None:
    without = replace(loaded, contacts={name: one for name, one in loaded.contacts.items() if name != "p103"})
    offered = {one.key for one in ready(replace(renderer, knowledge=without), RUSSIAN, RUSSIAN, today)}
    assert set(keys(loaded)) - offered == {"ready_numbers", "ready_ambulance"}

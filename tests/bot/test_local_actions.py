"""The actions inside Rasa that look at more than the intent."""

from __future__ import annotations

from typing import Any

import pytest
from assistant_fakes import Person
from rasa.core.agent import Agent
from rasa.shared.core.events import ActiveLoop, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components.language_names import LanguageNames
from bot.components.local_actions import OfferTopics
from bot.reading.spelling import fold


def offered(agent: Agent, ranking: list[str], decision: str, loop: str | None = None) -> Any:
    parsed = {"intent_ranking": [{"name": name, "confidence": 0.2} for name in ranking], "decision": decision}
    tracker = DialogueStateTracker.from_events(
        "c:t", [ActiveLoop(loop), UserUttered("x", {"name": "nlu_fallback"}, parse_data=parsed)], agent.domain.slots
    )
    events = OfferTopics().decide(tracker, agent.domain)
    return next((event.data["custom"] for event in events if isinstance(event, BotUttered)), None)


def test_the_three_likeliest_topics_are_offered(agent: Agent) -> None:
    ranking = ["greet", "ask_shelter", "request_callback", "ask_legal_aid", "danger_now", "ask_cost", "ask_documents_taken"]
    assert offered(agent, ranking, "offer") == {
        "reply": "fallback_offer",
        "topics": ["ask_shelter", "ask_legal_aid", "ask_cost"],
    }


def test_of_a_guess_no_topic_is_offered(agent: Agent) -> None:
    assert offered(agent, ["ask_shelter"], "operator") == {"reply": "fallback_offer", "topics": []}
    assert offered(agent, [], "operator") == {"reply": "fallback_offer", "topics": []}


def test_inside_a_form_nothing_is_offered(agent: Agent) -> None:
    assert offered(agent, ["ask_shelter"], "offer", "report_form") is None


async def test_a_message_without_meaning_is_offered_a_person(person: Person) -> None:
    assert await person.says("щщщ жжж") == [{"reply": "fallback_offer", "topics": []}]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("пишите мне на казахском", "kk"),
        ("na kazahskom", "kk"),
        ("o'zbekcha yozing", "uz"),
        ("ўзбекча ёзинг", "uz"),
        ("не на русском а на казахском", None),
        ("на английском", None),
        ("", None),
    ],
)
def test_the_one_language_named_is_asked_for(text: str, language: str | None) -> None:
    names = {"казахском": "kk", "qazaqsha": "kk", "o'zbekcha": "uz", "русском": "ru"}
    component = LanguageNames(None, None, {fold(name): code for name, code in names.items()})  # type: ignore[arg-type]
    assert component.asked_for(text) == language

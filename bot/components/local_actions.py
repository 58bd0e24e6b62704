"""Actions that need no ticket and so run inside Rasa, without the action server. Each names a reply key, no sentence."""

from __future__ import annotations

from typing import Any

import rasa.core.actions.action as rasa_actions
from rasa.core.actions.action import Action
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, AllSlotsReset, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_RANKING_KEY
from rasa.utils.endpoints import EndpointConfig

# The slot that says which question of ours is open, and its values.
AWAITING = "awaiting"
NOTHING, TOPIC, DELETE, DANGER = "nothing", "topic", "delete", "danger"
# While a form waits for the answer about danger, it requests this slot, which nothing fills: no yes or no can be
# taken for the form's own.
DANGER_QUESTION = "danger_question"
OFFERED = 3
CHECK_FORM = "check_form"
CHECK_SCORE = "check_score"
# So many signs and more are "many"; one is "some".
MANY_SIGNS = 3


class LocalAction(Action):
    """An action that is a function of the conversation. The class attribute `action` is its name in the domain."""

    action = ""

    def name(self) -> str:
        return self.action

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        return self.decide(tracker, domain)

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        raise NotImplementedError


class OfferTopics(LocalAction):
    """The message was not understood: the likeliest topics; none when even those are guesses. A person stands beside.

    Inside a form nothing is offered: the form asks its question again.
    """

    action = "action_offer_topics"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        if tracker.active_loop_name:
            return []
        parsed = tracker.latest_message.parse_data if tracker.latest_message else {}
        likely = [intent["name"] for intent in parsed.get(INTENT_RANKING_KEY, [])]
        names = [name for name in likely if _has_topic(name, domain)]
        topics = [] if parsed.get("decision") == "operator" else names[:OFFERED]
        return [_reply("fallback_offer", topics=topics), SlotSet(AWAITING, TOPIC)]


class AskDanger(LocalAction):
    """Asks whether there is danger; a form that is open waits meanwhile."""

    action = "action_ask_danger"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        asked = [_reply("danger_confirm", options=["yes", "no"]), SlotSet(AWAITING, DANGER)]
        return asked + ([SlotSet(REQUESTED_SLOT, DANGER_QUESTION)] if tracker.active_loop_name else [])


class DangerDenied(LocalAction):
    """There is no danger; an open form goes on with its question."""

    action = "action_danger_denied"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        return [_reply("danger_denied"), SlotSet(AWAITING, NOTHING)]


class AskDelete(LocalAction):
    """Asks before everything is erased."""

    action = "action_ask_delete"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        return [_reply("delete_ask", options=["yes", "no"]), SlotSet(AWAITING, DELETE)]


class DeleteNow(LocalAction):
    """Tells the bridge to erase; the bridge does it, this memory included."""

    action = "action_delete_now"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        return [_reply("delete_now"), SlotSet(AWAITING, NOTHING)]


class ChangeLanguage(LocalAction):
    """Names the language asked for, or asks which."""

    action = "action_change_language"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        language = next(iter(tracker.get_latest_entity_values("language")), None)
        if language not in ("kk", "ru", "uz", "tg"):
            return [_reply("choose_language")]
        return [_reply("language_changed", language=language)]


class CloseForms(LocalAction):
    """Leaves any form and forgets what it had been told; no question stays open."""

    action = "action_close_forms"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        return [ActiveLoop(None), AllSlotsReset()]


class CheckResult(LocalAction):
    """The self-check's result by the number of signs; nothing of it is kept."""

    action = "action_check_result"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        signs = int(tracker.get_slot(CHECK_SCORE) or 0)
        key = "check_result_none" if not signs else "check_result_some" if signs < MANY_SIGNS else "check_result_many"
        return [_reply(key), AllSlotsReset()]


class CheckForm(FormAction):
    """The self-check: of each answer only that it was given remains, and the number of signs until the result."""

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        signs = sum(answer == "yes" for answer in slot_candidates.values())
        score = int(tracker.get_slot(CHECK_SCORE) or 0) + signs
        given: list[Event] = [SlotSet(slot, "given") for slot in slot_candidates]
        return [*given, SlotSet(CHECK_SCORE, score)] if given else []


def _has_topic(intent: str, domain: Domain) -> bool:
    """Whether the intent is answered from the knowledge base: only such an answer can be offered by its title."""
    responses = domain.responses.get(f"utter_{intent}", [])
    return any((response.get("custom") or {}).get("reply") == "topic" for response in responses)


LOCAL = {
    kind.action: kind
    for kind in (
        OfferTopics, AskDanger, DangerDenied, AskDelete, DeleteNow, ChangeLanguage, CloseForms, CheckResult,
    )
}  # fmt: skip
_of_rasa = rasa_actions.action_for_name_or_text


def install() -> None:
    """Lets Rasa find the actions above by name. Calling it again changes nothing."""
    rasa_actions.action_for_name_or_text = _find


def _find(name: str, domain: Domain, endpoint: EndpointConfig | None) -> Action:
    if name in LOCAL:
        return LOCAL[name]()
    if name == CHECK_FORM and name in domain.form_names:
        return CheckForm(name, endpoint)
    return _of_rasa(name, domain, endpoint)


def _reply(key: str, **more: Any) -> BotUttered:
    # `custom` alone, as a response of the domain would give it.
    return BotUttered(None, {"custom": {"reply": key, **more}})

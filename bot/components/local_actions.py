"""Actions that need no ticket and so run inside Rasa, without the action server. Each names a reply key, no sentence."""

from __future__ import annotations

import rasa.core.actions.action as rasa_actions
from rasa.core.actions.action import Action
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, AllSlotsReset, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_RANKING_KEY
from rasa.utils.endpoints import EndpointConfig

from bot.components import agreement_form, check_form
from bot.components.actions import LocalAction, reply
from bot.components.wanted import WantReport, WantTicket

# The slot that says which question of ours is open, and its values.
AWAITING = "awaiting"
NOTHING, TOPIC, DELETE, DANGER = "nothing", "topic", "delete", "danger"
# While a form waits for the answer about danger, it requests this slot, which nothing fills: no yes or no can be
# taken for the form's own.
DANGER_QUESTION = "danger_question"
OFFERED = 3


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
        return [reply("fallback_offer", topics=topics), SlotSet(AWAITING, TOPIC)]


class AskDanger(LocalAction):
    """Asks whether there is danger; a form that is open waits meanwhile."""

    action = "action_ask_danger"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        asked = [reply("danger_confirm", options=["yes", "no"]), SlotSet(AWAITING, DANGER)]
        return asked + ([SlotSet(REQUESTED_SLOT, DANGER_QUESTION)] if tracker.active_loop_name else [])


class DangerDenied(LocalAction):
    """There is no danger; an open form goes on with its question."""

    action = "action_danger_denied"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        return [reply("danger_denied"), SlotSet(AWAITING, NOTHING)]


class AskDelete(LocalAction):
    """Asks before everything is erased."""

    action = "action_ask_delete"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        return [reply("delete_ask", options=["yes", "no"]), SlotSet(AWAITING, DELETE)]


class DeleteNow(LocalAction):
    """Tells the bridge to erase; the bridge does it, this memory included."""

    action = "action_delete_now"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        return [reply("delete_now"), SlotSet(AWAITING, NOTHING)]


class ChangeLanguage(LocalAction):
    """Names the language asked for, or asks which."""

    action = "action_change_language"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        language = next(iter(tracker.get_latest_entity_values("language")), None)
        if language not in ("kk", "ru", "uz", "tg"):
            return [reply("choose_language")]
        return [reply("language_changed", language=language)]


class CloseForms(LocalAction):
    """Leaves any form and forgets what it had been told; no question stays open."""

    action = "action_close_forms"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        return [ActiveLoop(None), AllSlotsReset()]


def _has_topic(intent: str, domain: Domain) -> bool:
    """Whether the intent is answered from the knowledge base: only such an answer can be offered by its title."""
    responses = domain.responses.get(f"utter_{intent}", [])
    return any((response.get("custom") or {}).get("reply") == "topic" for response in responses)


LOCAL = {
    kind.action: kind
    for kind in (
        OfferTopics, AskDanger, DangerDenied, AskDelete, DeleteNow, ChangeLanguage, CloseForms, WantTicket, WantReport,
        check_form.CheckResult, agreement_form.BeginCallback, agreement_form.SubmitAgreement, agreement_form.PickedLate,
    )
}  # fmt: skip
FORMS = {check_form.FORM: check_form.CheckForm, agreement_form.FORM: agreement_form.AgreementForm}
_of_rasa = rasa_actions.action_for_name_or_text


def install() -> None:
    """Lets Rasa find the actions above by name. Calling it again changes nothing."""
    rasa_actions.action_for_name_or_text = _find


def _find(name: str, domain: Domain, endpoint: EndpointConfig | None) -> Action:
    if name in LOCAL:
        return LOCAL[name]()
    if name in FORMS and name in domain.form_names:
        return FORMS[name](name, endpoint)
    return _of_rasa(name, domain, endpoint)

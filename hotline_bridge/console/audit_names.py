"""What the audit trail says, in words. English; translated where it is shown. Every action of audit.ACTIONS is here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hotline_bridge.console import names
from hotline_bridge.console.texts import N_, ROLES

# Groups of the filter, and the actions in each
ACTIONS: dict[str, dict[str, str]] = {
    N_("Sign-in"): {
        "signed_in": N_("Signed in"),
        "signed_out": N_("Signed out"),
        "sign_in_failed": N_("A sign-in failed"),
        "password_changed": N_("Changed the password"),
        "recovery_codes_renewed": N_("Made new recovery codes"),
        "pager_added": N_("Made a chat the pager"),
        "pager_removed": N_("Removed the pager"),
    },
    N_("Accounts"): {
        "invited": N_("Invited somebody"),
        "invitation_taken_up": N_("Accepted an invitation"),
        "invitation_withdrawn": N_("Withdrew an invitation"),
        "account_renewed": N_("Gave a new link for a lost telephone"),
        "account_deactivated": N_("Deactivated an account"),
        "account_reactivated": N_("Reactivated an account"),
        "role_changed": N_("Changed a role"),
    },
    N_("Conversations"): {
        "claimed": N_("Took a conversation"),
        "handed_over": N_("Handed a conversation over"),
        "taken_over": N_("Took a conversation over from a colleague"),
        "given_back": N_("Gave a conversation back"),
        "flag_seen": N_("Saw somebody's danger without writing to them"),
        "lost": N_("A conversation went back because its operator was gone"),
        "closed": N_("Closed a conversation"),
        "identified": N_("Recorded the identification as a victim"),
        "not_identified": N_("Took back the identification as a victim"),
        "forgotten": N_("A person was forgotten"),
        "forget_ordered": N_("Ordered a person's data to be deleted"),
    },
    N_("Sealed values"): {
        "reveal_asked": N_("Asked to see a sealed value"),
        "reveal_granted": N_("Agreed that a sealed value is opened"),
        "reveal_refused": N_("Refused to open a sealed value"),
        "reveal_opening": N_("Ordered a sealed value to be opened"),
        "reveal_opened": N_("A sealed value was opened"),
        "reveal_failed": N_("A sealed value could not be opened"),
        "reveal_shown": N_("Looked at a sealed value"),
        "reveal_expired": N_("A request to see a sealed value ran out"),
        "reveal_erased": N_("An opened value was erased again"),
    },
    N_("Referrals"): {
        "referral_made": N_("Referred a person"),
        "referral_read": N_("A referral was read"),
        "referral_accepted": N_("A referral was accepted"),
        "referral_refused": N_("A referral was not accepted"),
        "referral_served": N_("A referred person was helped"),
        "referral_withdrawn": N_("A referral was withdrawn"),
        "referral_expired": N_("A referral was not read in time"),
    },
    N_("Suggestions"): {
        "suggestion_made": N_("Suggested a misunderstood sentence for teaching"),
        "suggestion_accepted": N_("Accepted a suggested sentence"),
        "suggestion_dropped": N_("Dropped a suggested sentence"),
        "suggestion_withdrawn": N_("Withdrew a suggested sentence"),
    },
    N_("Lists, other systems, exports"): {
        "list_changed": N_("Changed a list"),
        "token_made": N_("Gave another system access"),
        "token_withdrawn": N_("Withdrew another system's access"),
        "webhook_made": N_("Added a webhook"),
        "webhook_withdrawn": N_("Removed a webhook"),
        "exported": N_("Exported data from the console"),
    },
    N_("The trail itself"): {
        "trail_verified": N_("Verified the audit trail"),
        "trail_shortened": N_("Old rows of the trail were removed"),
        "trail_broken": N_("SOMEBODY TAMPERED WITH THE END OF THE TRAIL"),
    },
}
SAYS: dict[str, str] = {action: words for group in ACTIONS.values() for action, words in group.items()}

FACTS = {
    "by": N_("by"),
    "why": N_("why"),
    "reason": N_("reason"),
    "role": N_("role"),
    "to": N_("to"),
    "outcome": N_("outcome"),
    "on": N_("day"),
    "what": N_("what"),
    "danger": N_("danger"),
    "times": N_("times"),
    "organisation": N_("organisation"),
    "revealed": N_("opened values in it"),
    "scope": N_("scope"),
    "first": N_("first day"),
    "last": N_("last day"),
    "list": N_("list"),
    "change": N_("change"),
    "holds": N_("intact"),
    "rows": N_("rows"),
    "row": N_("row"),
}
_DAYS = frozenset({"on", "first", "last"})
_VALUES = {
    "yes": N_("yes"),
    "no": N_("no"),
    "code": N_("code of the app"),
    "recovery_code": N_("recovery code"),
    "reader": N_("the reader, on its page"),
    "operator": N_("an operator"),
    "supervisor": N_("a supervisor"),
    "time": N_("by time"),
    "wrong": N_("login, password or code was wrong"),
    "too_soon": N_("too many attempts"),
    "used_before": N_("the code was used before"),
    "person": N_("the person's request"),
    "forgotten": N_("the person was forgotten"),
    "unknown": N_("there is no such thing"),
    "too_many": N_("too many within an hour"),
    "not_yours": N_("it was with somebody else"),
    "not_allowed": N_("nobody else had agreed"),
    "address": N_("own number or chat"),
    "figures": N_("figures"),
    "suggestions": N_("suggested sentences"),
    "tickets": N_("tickets"),
    "trail": N_("audit trail"),
}
# What a verification found (audit.Verdict.fault); {row} is the row's number
FAULTS = {
    "changed": N_("Row %(row)s was changed."),
    "removed": N_("Row %(row)s was removed, perhaps others after it."),
    "moved": N_("Row %(row)s is not where it was written: rows were moved."),
    "added": N_("Row %(row)s was not written by the system: it was added."),
    "head": N_("The count of the rows was changed or removed: rows may be missing at the end."),
    "broken": N_("Before row %(row)s somebody tampered with the end of the trail; the system noticed it when it wrote that row."),
    "checkpoint": N_("What says that the rows up to %(row)s were removed by age was not written by the system."),
}


def facts(stored: Mapping[str, str]) -> list[tuple[str, str | date]]:
    """Name and value of each fact that has words; ids are left out. Both English, to be translated; a value may be plain."""
    return [(FACTS[name], _value(name, value)) for name, value in stored.items() if name in FACTS and name != "to"]


def _value(name: str, value: str) -> str | date:
    if name in _DAYS:
        return _day(value)
    if name == "role":
        return {str(role): words for role, words in ROLES.items()}.get(value, value)
    if name == "outcome":
        return names.OUTCOMES.get(value, value)
    if name == "reason":
        return names.FORGET_REASONS.get(value, value)
    return _VALUES.get(value, value)


def _day(value: str) -> str | date:
    """As it stands, if it is no day: whoever touched the trail must not keep its page from being read."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value

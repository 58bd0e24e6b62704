"""What may stand in the audit trail: a closed list of actions, each with the facts it may have. Pure.

Safety: a fact is an id, a day, a small number or a short name from a closed list. Nothing that somebody wrote fits in
(tests/audit/test_audit_entries.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from hotline_bridge.accounts.people import Role
from hotline_bridge.tickets.needs import OUTCOMES

Fact = str | int | bool | date | UUID

# The names of the facts that each action may have. What an action says is written out on the page (console/audit_names.py).
ACTIONS: dict[str, frozenset[str]] = {
    # at the door
    "signed_in": frozenset({"by"}),
    "signed_out": frozenset(),
    "sign_in_failed": frozenset({"why"}),
    "password_changed": frozenset(),
    "recovery_codes_renewed": frozenset(),
    # accounts; the subject is the account
    "invited": frozenset({"role"}),
    "invitation_taken_up": frozenset({"role"}),
    "invitation_withdrawn": frozenset(),
    "account_renewed": frozenset(),
    "account_deactivated": frozenset(),
    "account_reactivated": frozenset(),
    "role_changed": frozenset({"role"}),
    "pager_added": frozenset(),
    "pager_removed": frozenset(),
    # conversations; the subject is the conversation
    "claimed": frozenset(),
    "handed_over": frozenset({"to"}),
    "taken_over": frozenset({"holder"}),
    "given_back": frozenset(),
    "flag_seen": frozenset(),
    "lost": frozenset(),
    "closed": frozenset({"outcome", "token"}),  # token: by another case system
    "identified": frozenset({"on"}),
    "not_identified": frozenset(),
    "forgotten": frozenset({"why"}),
    "forget_ordered": frozenset({"reason"}),
    # sealed values
    "reveal_asked": frozenset({"reveal", "what", "danger"}),
    "reveal_granted": frozenset({"reveal", "what", "danger"}),
    "reveal_refused": frozenset({"reveal", "what"}),
    "reveal_opening": frozenset({"reveal", "what"}),
    "reveal_opened": frozenset({"reveal", "what"}),
    "reveal_failed": frozenset({"reveal", "what", "why"}),
    "reveal_shown": frozenset({"reveal", "what", "times"}),
    "reveal_expired": frozenset({"reveal", "what"}),
    "reveal_erased": frozenset({"reveal", "what"}),
    # referrals
    "referral_made": frozenset({"referral", "organisation", "revealed"}),
    "referral_read": frozenset({"referral", "organisation"}),
    "referral_accepted": frozenset({"referral", "organisation", "by"}),
    "referral_refused": frozenset({"referral", "organisation", "by"}),
    "referral_served": frozenset({"referral", "organisation"}),
    "referral_withdrawn": frozenset({"referral", "organisation", "why"}),
    "referral_expired": frozenset({"referral", "organisation"}),
    # misunderstood sentences for whoever teaches the program
    "suggestion_made": frozenset({"suggestion"}),
    "suggestion_accepted": frozenset({"suggestion"}),
    "suggestion_dropped": frozenset({"suggestion"}),
    "suggestion_withdrawn": frozenset({"suggestion", "why"}),
    # other programs, and what leaves the console
    "token_made": frozenset({"token", "scope"}),
    "token_withdrawn": frozenset({"token"}),
    "webhook_made": frozenset({"webhook", "token"}),
    "webhook_withdrawn": frozenset({"webhook", "token"}),
    "exported": frozenset({"what", "first", "last", "rows"}),
    # lists that operators work from
    "list_changed": frozenset({"list", "row", "change"}),
    # the trail itself
    "trail_verified": frozenset({"holds", "rows", "row"}),
    "trail_shortened": frozenset({"rows"}),
    "trail_broken": frozenset({"rows"}),
}

# The short names that a fact may be. A fact that stands in neither list is an id or a day.
_NAMES: dict[str, str] = {
    "by": "code|recovery_code|reader|operator|supervisor|time",
    "change": "added|changed|removed|tested",
    "danger": "yes|no",
    "list": "ready_replies|contacts|organisations|shifts",
    "organisation": r"O-[A-Z]\d{1,3}",
    "outcome": "|".join(OUTCOMES),
    "reason": "person|endangers|test|not_ours",
    "role": "|".join(Role),
    "scope": "tickets_read|tickets_write|figures_read|webhooks_manage",
    "what": r"[A-Z]{2,12}_\d{1,4}|address|figures|suggestions|tickets|trail",
    "why": "wrong|too_soon|used_before|person|time|restored|operator|forgotten|unknown|too_many|not_yours|not_allowed",
}
_COUNTS = frozenset({"times", "rows", "row", "revealed"})
_LARGEST = 10**8  # a telephone number is larger


def plain(action: str, facts: Mapping[str, Fact]) -> dict[str, str]:
    """The facts as they are stored. Raises ValueError for an action or a fact that is not foreseen."""
    allowed = ACTIONS.get(action)
    if allowed is None:
        raise ValueError("this action does not stand in the list of what is audited")
    if unforeseen := facts.keys() - allowed:
        raise ValueError(f"the action {action} has no fact {sorted(unforeseen)[0]}")
    return {name: _plain(name, value) for name, value in facts.items()}


def _plain(name: str, value: Fact) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case UUID():
            return str(value)
        case int() if name in _COUNTS and 0 <= value < _LARGEST:
            return str(value)
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case str() if name in _NAMES and re.fullmatch(_NAMES[name], value):
            return str(value)
    # The value is not repeated: it may be what must not stand here.
    raise ValueError(f"the fact {name} is neither an id, a day, a count nor a name from its list")

"""What the kinds and states of the lists are called. English; translated where they are shown."""

from __future__ import annotations

from hotline_bridge.console.texts import N_

KINDS = {
    "police": N_("Police"),
    "ministry": N_("Ministry"),
    "commission": N_("Commission"),
    "state_service": N_("State service"),
    "local_authority": N_("Local authority"),
    "labour_inspection": N_("Labour inspection"),
    "prosecutor": N_("Prosecutor"),
    "contact_centre": N_("Contact centre"),
    "health": N_("Health care"),
    "guardianship": N_("Guardianship"),
    "human_rights": N_("Human rights body"),
    "mobile_group": N_("Mobile group"),
    "border": N_("Border"),
    "service_provider": N_("Provider of special social services"),
    "crisis_centre": N_("Crisis centre"),
    "ngo": N_("Non-profit organisation"),
    "legal_help": N_("Legal help"),
    "network": N_("Network"),
    "project": N_("Project"),
    "training": N_("Training"),
    "humanitarian": N_("Humanitarian organisation"),
    "international": N_("International organisation"),
    "consulate": N_("Consulate"),
    "home_country": N_("In the home country"),
}
REACHED = {
    "none_found": N_("No number found"),
    "short_number": N_("A short number"),
    "test_call": N_("A number exists: it must be phoned first"),
    "withheld": N_("A number exists, too old or meant for something else"),
    "not_for_callers": N_("Not for callers"),
}
STATUS = {
    "confirmed": ("good", N_("Confirmed")),
    "secondary": ("taken", N_("Second-hand, reliable")),
    "guidance": ("closed", N_("Our own advice")),
    "unconfirmed": ("waiting", N_("Unconfirmed")),
}
LOOKS = {
    "overdue": ("danger", N_("Overdue")),
    "soon": ("waiting", N_("Within 60 days")),
    "later": ("good", N_("Later")),
}
HELPS_WITH = {
    "shelter": N_("shelter"),
    "medical": N_("medical care"),
    "psychologist": N_("psychologist"),
    "legal": N_("legal help"),
    "papers": N_("papers"),
    "return": N_("return home"),
    "pay": N_("unpaid wages"),
    "children": N_("children"),
    "goods": N_("food and clothes"),
    "services": N_("special social services"),
    "identification": N_("identification as a victim"),
    "police": N_("police"),
}

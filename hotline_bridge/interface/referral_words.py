"""What stands in a referral, in words: on the form in the console and on the page that its reader sees. English."""

from __future__ import annotations

from hotline_bridge.interface import N_

SERVICES = {
    "shelter": N_("a safe place to stay"),
    "medical": N_("medical help"),
    "psychologist": N_("a psychologist"),
    "legal": N_("a lawyer"),
    "papers": N_("papers, registration, residence"),
    "return": N_("the way home"),
    "pay": N_("unpaid wages"),
    "children": N_("help for children"),
    "goods": N_("food, clothes, things"),
    "services": N_("special social services"),
    "identification": N_("identification as a victim"),
    "police": N_("protection by the police"),
}
AGES = {
    "under_14": N_("under 14"),
    "14_17": N_("14 to 17"),
    "adult": N_("adult"),
    "over_60": N_("over 60"),
}
SEXES = {"woman": N_("woman"), "man": N_("man")}
LANGUAGES = {"kk": N_("Kazakh"), "ru": N_("Russian"), "uz": N_("Uzbek"), "tg": N_("Tajik")}
METHODS = {
    "this_chat": N_("only through those who sent you this"),
    "number": N_("by a message to the number that stands here, otherwise through those who sent you this"),
    "call": N_("by a call to the number that stands here, otherwise through those who sent you this"),
}
PARTS_OF_DAY = {
    "morning": N_("in the morning (6 to 12)"),
    "day": N_("by day (12 to 18)"),
    "evening": N_("in the evening (18 to 24)"),
    "night": N_("at night (0 to 6)"),
}
VALUES = {
    "PHONE": N_("Telephone number"),
    "PERSON": N_("Name"),
    "ADDRESS": N_("Address"),
    "address": N_("The person's own number or chat"),
}

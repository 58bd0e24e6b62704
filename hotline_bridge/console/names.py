"""What the desk's closed values are called on a page. English; translated where they are shown."""

from __future__ import annotations

from hotline_bridge.console.texts import N_
from hotline_bridge.flow.reply_checks import MOST_SEGMENTS

NEEDS = {
    "danger_now": N_("Danger now"),
    "medical_emergency": N_("Medical emergency"),
    "suicidal_thoughts": N_("Thoughts of suicide"),
    "child_in_danger": N_("A child in danger"),
    "unsafe_to_talk": N_("Cannot talk safely"),
    "danger_unanswered": N_("Asked whether they are in danger: no answer"),
    "report_someone_else": N_("About another person"),
    "talk_to_operator": N_("Wants a person"),
    "assistant_silent": N_("The assistant gave no answer"),
    "not_understood": N_("Not understood"),
    "withheld": N_("An answer was withheld"),
    "request_callback": N_("Wants to be called"),
    "undeliverable": N_("An answer could not be delivered"),
}
OUTCOMES = {
    "informed": N_("Informed about rights"),
    "referred": N_("An organisation has taken over"),
    "emergency": N_("Emergency services were called in"),
    "ended_by_person": N_("The person wanted no more"),
    "lost": N_("Could not be reached any more"),
    "not_ours": N_("Not what this service is for"),
    "test": N_("A test"),
}
CHANNELS = {
    "telegram": N_("Telegram"),
    "sms_twilio": N_("SMS (Twilio)"),
    "sms_kannel": N_("SMS (Kannel)"),
    "trial_chat": N_("Trial messenger"),
    "trial_sms": N_("Trial SMS"),
}
SCRIPTS = {"cyrl": N_("Cyrillic letters"), "latn": N_("Latin letters")}
FORGET_REASONS = {
    "person": N_("The person asked for it in another way"),
    "endangers": N_("What is kept here endangers the person"),
    "test": N_("A test"),
    "not_ours": N_("Not what this service is for"),
}
EVENTS = {
    "opened": N_("Ticket opened"),
    "claimed": N_("Taken"),
    "handed_over": N_("Handed over"),
    "taken_over": N_("Taken over from a colleague"),
    "given_back": N_("Given back to the queue"),
    "lost": N_("Back in the queue: the operator was gone"),
    "closed": N_("Closed"),
    "reopened": N_("Opened again: the person wrote"),
    "flagged": N_("Words of danger"),
    "flag_seen": N_("The danger was seen, and nothing was written"),
    "identified": N_("Identified as a victim"),
    "not_identified": N_("The identification was taken back"),
    "paged": N_("Operators were called in their own chat"),
    "referred": N_("Referred to an organisation"),
    "referral_read": N_("The organisation has read it"),
    "referral_accepted": N_("The organisation accepted"),
    "referral_refused": N_("The organisation cannot help"),
    "referral_served": N_("The organisation has helped"),
    "referral_withdrawn": N_("The consent was withdrawn"),
    "referral_expired": N_("The organisation did not read it in time"),
    "reveal_asked": N_("Asked to see a sealed value"),
    "reveal_granted": N_("A supervisor agreed that it is opened"),
    "reveal_refused": N_("A supervisor refused to open it"),
    "told_waiting": N_("The person was told that it waits for somebody to take it"),
    "agreed": N_("Agreed how the person can be reached"),
    "alarm": N_("The agreed sign came: the person is not alone"),
    "resumed": N_("The number of a request was written from another phone"),
    "asked_if_safe": N_("The person was asked whether it is safe now"),
    "safe_now": N_("The person said that it is safe: what was held goes out"),
    "not_safe_now": N_("The person said that it is not safe: what is held stays"),
    "taken_back": N_("Too late: what was held was not sent"),
    "let_out": N_("The person wrote: what was held goes out"),
}
METHODS = {"this_chat": N_("In this chat"), "number": N_("On another number"), "call": N_("By a call")}
PARTS_OF_DAY = {
    "morning": N_("Morning (6 to 12)"),
    "day": N_("Day (12 to 18)"),
    "evening": N_("Evening (18 to 24)"),
    "night": N_("Night (0 to 6)"),
}
SPEAKERS = {"person": N_("Person"), "bot": N_("Assistant"), "operator": N_("Operator")}
# What arrived and was no text.
KINDS = {
    "photo": N_("A photo, not opened"),
    "voice": N_("A voice message, not opened"),
    "video": N_("A video, not opened"),
    "sticker": N_("A sticker"),
    "location": N_("A location, not stored"),
    "contact": N_("A contact, not stored"),
    "file": N_("A file, not opened"),
    "forwarded": N_("A forwarded message, not opened"),
    "poll": N_("A poll"),
    "other": N_("Something that cannot be opened"),
    "empty": N_("A message without text"),
    "unreadable": N_("A message whose letters cannot be read"),
    "command": N_("A command"),
    "choice": N_("A pressed button"),
}
DELIVERY = {
    "held": N_("Held until the person says that it is safe"),
    "waiting": N_("Waits to be sent"),
    "sent": N_("Sent"),
    "delivered": N_("Delivered"),
    "failed": N_("Not delivered"),
}
FAILURES = {
    "blocked": N_("the person has blocked this chat"),
    "withdrawn": N_("withdrawn, because the person cleared the chat or cannot talk"),
    "closed": N_("the ticket was closed before the person said that it is safe"),
    "unsaid": N_("for two days the person has not said that it is safe"),
    "late": N_("it was out of date by then"),
    "forgotten": N_("the person asked to be forgotten"),
    "no_such_number": N_("there is no such number"),
    "unsubscribed": N_("the person sent STOP to this number"),
    "not_configured": N_("this channel is switched off"),
    "deactivated": N_("the person's account is gone"),
    "chat_not_found": N_("the chat is gone"),
}
PLACEHOLDERS = {
    "PHONE": N_("telephone number"),
    "EMAIL": N_("e-mail address"),
    "HANDLE": N_("user name"),
    "CARD": N_("bank card"),
    "IBAN": N_("bank account"),
    "IIN": N_("identity number"),
    "PASSPORT": N_("passport"),
    "DOB": N_("date of birth"),
    "PLATE": N_("number plate"),
    "ADDRESS": N_("address"),
    "WORKPLACE": N_("place of work"),
    "PERSON": N_("name"),
}
# The eleven signs of forced labour (ILO, Indicators of forced labour, 2012), numbered as in the self-check.
INDICATORS = {
    1: N_("Abuse of a weak position"),
    2: N_("Deception"),
    3: N_("Restriction of movement"),
    4: N_("Isolation"),
    5: N_("Physical and sexual violence"),
    6: N_("Intimidation and threats"),
    7: N_("Papers kept"),
    8: N_("Wages withheld"),
    9: N_("Debt bondage"),
    10: N_("Abusive living and working conditions"),
    11: N_("Excessive overtime"),
}
# Facts of a ticket that stand on its page under a name; others under their own.
FACTS = {
    "report_where": N_("Where the other person is"),
    "report_danger": N_("The other person is in danger"),
}
ANSWERS = {"yes": N_("yes"), "no": N_("no")}
# What stands in a sentence of REFUSALS that names a limit.
LIMITS = {"most_sms": MOST_SEGMENTS}
# Why somebody may not be written to (errors.CannotBeWritten) and what else is refused at the desk.
REFUSALS = {
    "stopped": N_("This person asked us not to write any more."),
    "unsafe": N_("Somebody may be watching this phone. Wait until the person comes back with the agreed number."),
    "unreachable": N_("The person has blocked this chat, or the number is not in service."),
    "method": N_("The person agreed to be reached in another way, and has not just written here."),
    "forgotten": N_("This person asked to be forgotten. Nothing of the conversation is left."),
    "empty": N_("Write something first."),
    "identifying": N_("Remove the number or the address: they may be seen under Sealed values only."),
    "long": N_("This is too long for one message. Write it in parts."),
    "long_sms": N_("This takes more than %(most_sms)s SMS. Write it in parts."),
    "not_yours": N_("Take this conversation first: it is not yours at the moment."),
    "closed": N_("Nothing is open here. When the person needs somebody again, it stands in the queue."),
    "answer_instead": N_("This person can be written to. Answer them: that ends the calls."),
    "supervisor": N_("Only a supervisor may do this."),
    "gone_back": N_("Nobody has this conversation any more. Take it."),
    "outcome": N_("Choose how it ended."),
    "identified": N_("Give the day of the identification: not after today, and not more than a year ago."),
    "colleague": N_("Choose an operator who can sign in."),
    "what": N_("Choose what is to be shown."),
    "reason": N_("Say in a sentence why, in at least ten letters."),
    "hours": N_("It is outside the agreed hours. Wait, or tick that the number is needed all the same, and press again."),
    "asked_already": N_("You have asked for this already. It stands in the list."),
    "decided": N_("This has been decided already, or its time is over."),
    "own": N_("This is your own request. Another supervisor must decide."),
    "over": N_("Its time is over. Ask again if it is still needed."),
    "meant": N_("Choose what was meant."),
    "consent_to_show": N_("Without the person's own words of consent nothing is suggested."),
    "sentence": N_("There is no sentence of the person left to suggest."),
    "suggested": N_("This sentence was suggested already."),
    "suggestion_gone": N_("This suggestion is gone: it was dropped, withdrawn or exported, or its writer was forgotten."),
    "answer": N_("Choose what the organisation said."),
    "why_forget": N_("Say why, and confirm it."),
    "just_wrote": N_("The person has just written. Read it first."),
    "in_danger": N_(
        "This person is in danger and is not forgotten. Help first, and close it when the danger is over. "
        "If they asked to be forgotten, a supervisor takes the conversation over and does it."
    ),
    "forgets_too_many": N_("Too many people were forgotten within this hour. Wait, and tell an administrator at once."),
    "answered": N_("This referral is closed, or what you chose does not follow from where it stands."),
}

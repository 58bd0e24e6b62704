"""What the states of a reveal are called, and why one is refused. English; translated where they are shown."""

from __future__ import annotations

from hotline_bridge.console.texts import N_

# state -> badge and words
STATES = {
    "asked": ("waiting", N_("Waits for a supervisor")),
    "granted": ("taken", N_("Agreed: may be opened")),
    "opening": ("taken", N_("Is being opened")),
    "opened": ("good", N_("Opened")),
    "erased": ("closed", N_("Erased again")),
    "refused": ("danger", N_("Refused")),
    "expired": ("closed", N_("Not used in time")),
    "failed": ("danger", N_("Could not be opened")),
    "forgotten": ("closed", N_("The person was forgotten")),
}
WHY = {
    "unknown": N_("There is no such thing in this conversation."),
    "forgotten": N_("This person asked to be forgotten."),
    "not_yours": N_("The conversation was with somebody else by then."),
    "not_allowed": N_("Nobody else had agreed, and no danger was open."),
    "too_many": N_("Too many were opened within an hour. Tell the supervisor."),
}
# What a placeholder's own chat or number is, by channel
ADDRESSES = {
    "telegram": N_("The person's own chat in Telegram"),
    "sms_twilio": N_("The person's own telephone number"),
    "sms_kannel": N_("The person's own telephone number"),
    "trial_chat": N_("The trial phone's own chat"),
    "trial_sms": N_("The trial phone's own number"),
}

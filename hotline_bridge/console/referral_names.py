"""What the states of a referral are called, and why one is refused. English; translated where they are shown."""

from __future__ import annotations

from hotline_bridge.console.texts import N_

# state -> badge and words
STATES = {
    "sent": ("waiting", N_("Sent, not read yet")),
    "read": ("taken", N_("Read")),
    "accepted": ("good", N_("Accepted")),
    "served": ("good", N_("Helped")),
    "refused": ("danger", N_("They cannot help")),
    "withdrawn": ("closed", N_("Withdrawn")),
    "expired": ("closed", N_("Not read in time")),
    "forgotten": ("closed", N_("The person was forgotten")),
}
# Referral.answer of somebody who was forgotten since
BEFORE = {"sent": N_("had not been read"), "read": N_("had been read"), "accepted": N_("had been accepted")}
FIELDS = {
    "needs": N_("needs"),
    "language": N_("language"),
    "region": N_("region"),
    "contact": N_("safe contact"),
    "age": N_("age"),
    "sex": N_("woman or man"),
    "note": N_("a few words"),
    "values": N_("opened values"),
}
REFUSALS = {
    "organisation": N_("Choose an organisation that takes people."),
    "consent": N_(
        "Without the person's own words nothing is given. Choose the line in which they agree, or write what they said."
    ),
    "told": N_("Tell the person first who gets what, and who must tell the police. Then tick that you did."),
    "give": N_("Choose what is given from the list."),
    "needs": N_("Say at least what the person needs."),
    "note_long": N_("Shorten what you add: nobody needs the whole story."),
    "identifying": N_("What you added tells who somebody is. Remove it, or choose a value that was opened for you."),
    "over": N_("A chosen value can no longer be read. Ask for it again, or leave it out."),
}

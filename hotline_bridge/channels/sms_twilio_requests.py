"""What Twilio posts: messages (https://www.twilio.com/docs/messaging/guides/webhook-request) and statuses. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from hotline_bridge.channels.base import Parsed
from hotline_bridge.channels.phone_number import e164, is_telephone
from hotline_bridge.errors import Unreadable
from hotline_bridge.messages import Channel, Inbound, Kind, StatusReport

# https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out: Twilio has understood the word already.
OPT_OUT = {"STOP": "stop", "START": "start", "HELP": "help"}
MEDIA = {"image": Kind.PHOTO, "audio": Kind.VOICE, "video": Kind.VIDEO}
# Only an end is reported; queued, sending and sent are on the way.
STATES = {"delivered": "delivered", "read": "delivered", "undelivered": "failed", "failed": "failed", "canceled": "failed"}


def read_message(form: Mapping[str, str]) -> Parsed:
    """One Inbound; none when the sender is a name, a short code or another of Twilio's channels. Raises Unreadable."""
    provider_id = form.get("MessageSid") or form.get("SmsMessageSid")
    if not provider_id or "From" not in form:
        raise Unreadable("MessageSid or From is missing")
    address = e164(form["From"])
    if not is_telephone(address):
        return Parsed()
    kind, text = _content(form)
    return Parsed(inbound=(Inbound(Channel.TWILIO, address, provider_id, kind, text),))


def read_status(form: Mapping[str, str]) -> Parsed:
    """One StatusReport when the message has arrived or failed. Raises Unreadable."""
    reference = form.get("MessageSid") or form.get("SmsSid")
    status = form.get("MessageStatus") or form.get("SmsStatus")
    if not reference or not status:
        raise Unreadable("MessageSid or MessageStatus is missing")
    state = STATES.get(status.lower())
    if state is None:
        return Parsed()
    code = form.get("ErrorCode", "")
    return Parsed(statuses=(StatusReport(Channel.TWILIO, reference, state, code if code.isdigit() else ""),))


def _content(form: Mapping[str, str]) -> tuple[Kind, str]:
    command = OPT_OUT.get(form.get("OptOutType", "").upper())
    if command:
        return Kind.COMMAND, command
    text = form.get("Body", "")
    # Words beside a picture are words; the picture alone gets its sentence.
    if text.strip():
        return Kind.TEXT, text
    if form.get("NumMedia", "0") not in ("", "0"):
        return MEDIA.get(form.get("MediaContentType0", "").partition("/")[0].lower(), Kind.FILE), ""
    return Kind.EMPTY, ""

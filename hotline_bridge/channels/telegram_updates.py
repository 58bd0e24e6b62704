"""One Telegram update becomes one Inbound, a group to leave, or nothing. Pure; never raises anything but Unreadable.

The kinds follow https://core.telegram.org/bots/api#update and #message.
"""

from __future__ import annotations

import re
from typing import Any

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update

from hotline_bridge import pager_code
from hotline_bridge.channels.base import Parsed
from hotline_bridge.errors import Unreadable
from hotline_bridge.messages import Channel, Inbound, Kind

ALLOWED = ["message", "callback_query", "my_chat_member", "channel_post"]
COMMANDS = frozenset({"start", "stop", "help", "language", "clear", "delete", "menu"})
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")  # of a link to /start: https://core.telegram.org/bots/features#deep-linking
CALLBACK = "c"  # marks a reference that is a callback query and no message

# The first field that a message has names its kind; a venue has a location too, an animation a document.
CONTENT = (
    ("photo", Kind.PHOTO),
    ("voice", Kind.VOICE),
    ("audio", Kind.VOICE),
    ("video", Kind.VIDEO),
    ("video_note", Kind.VIDEO),
    ("animation", Kind.VIDEO),
    ("sticker", Kind.STICKER),
    ("location", Kind.LOCATION),
    ("contact", Kind.CONTACT),
    ("document", Kind.FILE),
    ("poll", Kind.POLL),
)
# What Telegram itself writes into a private chat: nobody said anything.
SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "connected_website",
    "chat_background_set",
    "boost_added",
    "proximity_alert_triggered",
)

# What the library raises on JSON that is no update. Update.de_json checks nothing, so hostile types surface anywhere.
MALFORMED = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, OSError, RecursionError)


def read_update(raw: object) -> Parsed:
    """The records in one decoded update. Raises Unreadable when it is none."""
    if not isinstance(raw, dict) or not _is_id(raw.get("update_id")):
        raise Unreadable("This is not a Telegram update")
    try:
        update = Update.de_json(raw, None)
        return _parsed(update)
    except MALFORMED:
        return _salvaged(raw)


def _parsed(update: Update) -> Parsed:
    if update.callback_query:
        return _choice(update.update_id, update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    post = update.message or update.channel_post
    if post is None:
        return Parsed()
    if post.chat.type != Chat.PRIVATE:
        return Parsed(leave=(str(int(post.chat.id)),))
    if post is not update.message or (post.from_user and post.from_user.is_bot):
        return Parsed()
    if any(getattr(post, name) for name in SERVICE):
        return Parsed()
    return _inbound(update.update_id, post.chat.id, *_content(post), reference=str(int(post.message_id)))


def _choice(update_id: int, query: CallbackQuery) -> Parsed:
    """A pressed button. Its reference is the query's id behind a "c", which acknowledge() needs."""
    if query.message is None or query.data is None or query.from_user.is_bot:
        return Parsed()
    chat = query.message.chat
    if chat.type != Chat.PRIVATE:
        return Parsed(leave=(str(int(chat.id)),))
    return _inbound(update_id, chat.id, Kind.CHOICE, _text(query.data), reference=CALLBACK + str(query.id))


def _membership(change: ChatMemberUpdated) -> Parsed:
    """Somebody put the bot into a group or channel; a block by a person needs no answer."""
    inside = change.new_chat_member.status not in ("left", "kicked")
    if inside and change.chat.type != Chat.PRIVATE:
        return Parsed(leave=(str(int(change.chat.id)),))
    return Parsed()


def _content(post: Message) -> tuple[Kind, str]:
    if post.forward_origin:
        return Kind.FORWARDED, ""
    if post.text is not None:
        return _words(_text(post.text))
    if post.caption and post.caption.strip():
        # Safety: words beside a photo are words; the photo itself is neither fetched nor kept.
        return Kind.TEXT, _text(post.caption)
    for name, kind in CONTENT:
        if getattr(post, name):
            return kind, ""
    return Kind.OTHER, ""


def _words(text: str) -> tuple[Kind, str]:
    """A command when nothing but a known one was written: the words behind "/help" or "/stop" are never dropped."""
    if not text.strip():
        return Kind.EMPTY, ""
    first, *more = text.split()
    word = first.partition("@")[0].removeprefix("/").lower()
    # The payload of a link may name somebody, so it goes no further, unless it is an operator's code.
    linked = word == "start" and len(more) == 1 and PAYLOAD.match(more[0])
    if linked and (code := pager_code.read(more[0])):
        return Kind.TEXT, code
    if first.startswith("/") and word in COMMANDS and (not more or linked):
        return Kind.COMMAND, word
    return Kind.TEXT, text


def _inbound(update_id: int, chat_id: int, kind: Kind, text: str, reference: str | None) -> Parsed:
    return Parsed(inbound=(Inbound(Channel.TELEGRAM, str(int(chat_id)), f"u{update_id}", kind, text, reference),))


def _salvaged(raw: dict[str, Any]) -> Parsed:
    """A person's message of a form that is newer than the library is still answered, with a kind sentence.

    Anything else that cannot be read is nobody's message: refusing it would make Telegram send it again for ever.
    """
    post = raw.get("message")
    chat = post.get("chat") if isinstance(post, dict) else None
    if not isinstance(post, dict) or not isinstance(chat, dict) or chat.get("type") != Chat.PRIVATE or not _is_id(chat.get("id")):
        return Parsed()
    sender = post.get("from")
    if isinstance(sender, dict) and sender.get("is_bot"):
        return Parsed()
    return _inbound(raw["update_id"], chat["id"], Kind.UNREADABLE, "", None)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    # JSON can carry half a surrogate pair, which no database and no other station takes.
    return value.encode("utf-8", "replace").decode("utf-8")


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

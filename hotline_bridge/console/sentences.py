"""The sentence for each reason why an account's wish is refused (errors.AccountRefused)."""

from __future__ import annotations

from hotline_bridge.accounts import passwords, people
from hotline_bridge.console.texts import N_
from hotline_bridge.errors import AccountRefused, TooSoon

SENTENCES = {
    "wrong": N_("Login, password or code is not right. A code works once: wait for the next one if you have just used it."),
    "too_soon": N_("There were too many attempts. Wait %(seconds)s seconds, then try again."),
    "link": N_("This link was used, has expired or was withdrawn. Ask an administrator for a new one."),
    "login": N_("Choose a login of at least 2 letters or digits; . - _ and @ are allowed."),
    "login_taken": N_("Somebody else has this login. Choose another one."),
    "name": N_("Enter a name of at most %(longest_name)s letters."),
    "code": N_("The code is not right. Enter the six digits that the app shows now."),
    "too_short": N_("The password is too short: use at least %(shortest)s characters."),
    "too_long": N_("The password is too long: use at most %(longest)s characters."),
    "common": N_("This password is one of those that are tried first. Choose another one, such as four unrelated words."),
    "like_login": N_("The password holds your login. Choose another one."),
    "differs": N_("The two passwords differ. Type the new one twice."),
    "own": N_("This cannot be done to your own account. Ask another administrator."),
    "last_administrator": N_("This is the last administrator. Invite another one first."),
    "unknown": N_("There is no such account any more."),
}
_FIXED = {"shortest": passwords.SHORTEST, "longest": passwords.LONGEST, "longest_name": people.LONGEST_NAME}


def sentence(error: AccountRefused) -> tuple[str, dict[str, object]]:
    """The English sentence and what its placeholders stand for."""
    seconds = int(error.seconds) + 1 if isinstance(error, TooSoon) else 0
    return SENTENCES[error.code], {**_FIXED, "seconds": seconds}

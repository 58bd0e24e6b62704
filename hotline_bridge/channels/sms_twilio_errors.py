"""What each error of Twilio's Messages resource means for a message, as data beside the client.

The meanings are those of https://www.twilio.com/docs/api/errors at each number. Twilio moves single causes to new codes
now and then, so a code that is not here is judged by the HTTP status alone.
"""

from __future__ import annotations

import aiohttp
from twilio.base.exceptions import TwilioException

from hotline_bridge.errors import Gone, NeverAgain, OutOfOrder, SendError, SlowDown, TryAgain

PAUSE = 5.0  # seconds; Twilio names none with a 429

NOT_FOUND = 20404  # https://www.twilio.com/docs/api/errors/20404

BY_CODE: dict[int, tuple[type[SendError], str]] = {
    21610: (Gone, "unsubscribed"),  # the person sent STOP to this number
    21211: (Gone, "no_such_number"),
    21217: (Gone, "no_such_number"),
    21614: (Gone, "not_a_mobile"),
    21635: (Gone, "landline"),
    21265: (Gone, "short_code"),  # To cannot be a short code
    21266: (NeverAgain, "to_ourselves"),
    21604: (NeverAgain, "to_missing"),
    21612: (NeverAgain, "no_route"),  # this From cannot reach this To
    21602: (NeverAgain, "body_missing"),
    21617: (NeverAgain, "too_long"),  # over 1,600 characters
    21619: (NeverAgain, "body_missing"),
    21408: (OutOfOrder, "region_not_enabled"),  # the account may not send to this country
    21606: (OutOfOrder, "from_cannot_send"),
    21603: (OutOfOrder, "from_missing"),
    21212: (OutOfOrder, "from_not_valid"),
    21659: (OutOfOrder, "from_not_twilio"),
    21661: (OutOfOrder, "from_cannot_send"),
    21660: (OutOfOrder, "from_of_other_account"),
    21608: (OutOfOrder, "trial_account"),  # reaches verified numbers only: nobody who writes to us is one
    21609: (OutOfOrder, "callback_address"),  # StatusCallback is no URL that Twilio can reach
    30029: (OutOfOrder, "redaction_not_enabled"),  # Message Redaction is off for the account
    30030: (OutOfOrder, "redaction_not_enabled"),
    20003: (OutOfOrder, "credentials"),
    20005: (OutOfOrder, "account_not_active"),
    30002: (OutOfOrder, "account_suspended"),
    20429: (SlowDown, "too_many_requests"),
    21611: (SlowDown, "queue_full"),  # too many messages wait for this From
    30001: (SlowDown, "queue_full"),
    30022: (SlowDown, "rate"),
    # The delivery codes come with status callbacks; should one come with a send, it means the same.
    30003: (TryAgain, "handset_unreachable"),  # switched off or out of reach: tomorrow may be different
    30004: (Gone, "blocked"),
    30005: (Gone, "unknown_handset"),
    30006: (Gone, "landline_or_unreachable"),
    30007: (NeverAgain, "filtered"),
    30008: (TryAgain, "unknown"),
}

BY_STATUS: dict[int, tuple[type[SendError], str]] = {
    400: (NeverAgain, "bad_request"),
    401: (OutOfOrder, "credentials"),
    403: (OutOfOrder, "forbidden"),
    404: (OutOfOrder, "no_such_account"),
    429: (SlowDown, "too_many_requests"),
}


def is_gone(error: Exception) -> bool:
    """Whether a Message resource is not there (any more)."""
    return isinstance(error, TwilioException) and getattr(error, "status", 0) == 404 and getattr(error, "code", None) == NOT_FOUND


def send_error(error: Exception) -> SendError:
    """The row of the closed list for what the client raised; never carries Twilio's own text."""
    if isinstance(error, TwilioException):
        return _answered(int(getattr(error, "status", 0) or 0), getattr(error, "code", None))
    if isinstance(error, TimeoutError):
        return TryAgain("timeout")
    if isinstance(error, aiohttp.ClientError | OSError):
        return TryAgain("network")
    return TryAgain("malformed")


def _answered(status: int, code: object) -> SendError:
    default = (TryAgain, "server") if status >= 500 or status < 400 else (NeverAgain, "refused")
    row, name = BY_STATUS.get(status, default)
    if isinstance(code, int):
        row, name = BY_CODE.get(code, (row, name))
    return SlowDown(name, PAUSE) if row is SlowDown else row(name)

"""What each answer of Kannel's sendsms means for a message, as data beside the client.

Kannel answers with a status and a sentence (user guide, "Using SMPPBox/smsbox to send SMS", and gw/smsbox.c); the status
alone does not tell a wrong password from a number without a route.
"""

from __future__ import annotations

import re

from hotline_bridge.errors import Gone, NeverAgain, OutOfOrder, SendError, SlowDown, TryAgain

PAUSE = 5.0  # seconds; Kannel names none
TAKEN = re.compile(r"(0:|3:|sent\.)", re.IGNORECASE)  # accepted, queued because no connection is up, immediate reply

# The first row that fits decides: status (None: any), words of the sentence in lower case, meaning, code.
TABLE: tuple[tuple[int | None, str, type[SendError], str], ...] = (
    (None, "authorization failed", OutOfOrder, "credentials"),  # username, password, or user-deny-ip
    (None, "not routable", NeverAgain, "not_routable"),  # no connection accepts this number; "Do not try again."
    (None, "sender missing", OutOfOrder, "from_missing"),
    (None, "receiver number", Gone, "no_such_number"),
    (None, "missing receiver", Gone, "no_such_number"),
    (None, "denied by white- and/or black-lists", NeverAgain, "listed"),
    (None, "dlr-url field", OutOfOrder, "callback_address"),
    (400, "", NeverAgain, "bad_request"),
    (401, "", OutOfOrder, "credentials"),
    (403, "", OutOfOrder, "forbidden"),
    (404, "", OutOfOrder, "no_such_address"),  # KANNEL_SENDSMS_URL is not smsbox's
    (405, "", OutOfOrder, "no_such_address"),
    (413, "", NeverAgain, "too_long"),
    (415, "", OutOfOrder, "no_such_address"),
    (429, "", SlowDown, "too_many_requests"),  # Kannel never says so; gateways that speak its protocol do
    (None, "", TryAgain, "server"),  # 503 "Temporal failure", 500 "Sending failed.", and all that is no answer of Kannel's
)


def taken(status: int, body: str) -> bool:
    """Whether Kannel has the message. Some gateways that speak its protocol say 200 for 202."""
    return status in (200, 202) and TAKEN.match(body.strip()) is not None


def send_error(status: int, body: str) -> SendError:
    """The row of the closed list; never carries Kannel's own text, which may repeat the number."""
    said = body.lower()
    for row_status, words, row, code in TABLE:
        if row_status in (None, status) and words in said:
            return SlowDown(code, PAUSE) if row is SlowDown else row(code)
    return TryAgain("server")

"""By what the canary test's installation and its providers prove who they are: new in each run, and looked for like all else."""

from __future__ import annotations

import secrets

from fakes import kannel_api
from fakes.twilio_api import ACCOUNT, PUBLIC
from journeys.canaries import Plant

TELEGRAM_TOKEN = f"7110201543:AA{secrets.token_urlsafe(24)}"
TELEGRAM_SECRET, TWILIO_TOKEN, KANNEL_SECRET = secrets.token_urlsafe(30), secrets.token_hex(16), secrets.token_urlsafe(24)
OURS = [
    Plant("ours: Telegram's token", TELEGRAM_TOKEN, exact=True),
    Plant("ours: Telegram's token, second part", TELEGRAM_TOKEN.partition(":")[2], exact=True),
    Plant("ours: Telegram's webhook secret", TELEGRAM_SECRET, exact=True),
    Plant("ours: Twilio's token", TWILIO_TOKEN, exact=True),
    Plant("ours: Kannel's password", kannel_api.PASSWORD, exact=True),
    Plant("ours: Kannel's secret", KANNEL_SECRET, exact=True),
]


def settings_for(telegram: str, twilio: str, kannel: str) -> dict[str, str]:
    """For an installation whose providers stand at these addresses."""
    return {
        "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN,
        "TELEGRAM_API_ROOT": telegram,
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": TELEGRAM_SECRET,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
        "TWILIO_FROM": "+12025550100",
        "TWILIO_API_ROOT": twilio,
        "TWILIO_PER_SECOND": "20",
        "KANNEL_SENDSMS_URL": f"{kannel}/cgi-bin/sendsms",
        "KANNEL_USERNAME": kannel_api.USERNAME,
        "KANNEL_PASSWORD": kannel_api.PASSWORD,
        "KANNEL_FROM": kannel_api.NUMBER,
        "KANNEL_INBOUND_SECRET": KANNEL_SECRET,
        "KOMEK_PUBLIC_URL": PUBLIC,
        "KOMEK_WEBHOOKS_INSIDE": "on",
    }

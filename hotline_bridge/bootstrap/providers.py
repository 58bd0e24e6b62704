"""The channels that the settings name, each with its provider's account."""

from __future__ import annotations

from collections.abc import Mapping

from hotline_bridge import datafolder
from hotline_bridge.channels.base import ChannelAdapter
from hotline_bridge.messages import Channel
from hotline_bridge.settings import Settings


def channels(settings: Settings) -> Mapping[Channel, ChannelAdapter]:
    """Every configured channel, by name."""
    made: dict[Channel, ChannelAdapter] = {}
    public = str(settings.komek_public_url or "").rstrip("/")
    if settings.telegram_bot_token:
        from hotline_bridge.channels.telegram import TelegramChannel

        secret = settings.telegram_webhook_secret
        made[Channel.TELEGRAM] = TelegramChannel(
            token=settings.telegram_bot_token.get_secret_value(),
            api_root=settings.telegram_api_root,
            webhook_secret=secret.get_secret_value() if secret else "",
        )
    if settings.twilio_from and settings.twilio_account_sid and settings.twilio_auth_token:
        from hotline_bridge.channels.sms_twilio import TwilioChannel

        made[Channel.TWILIO] = TwilioChannel(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token.get_secret_value(),
            sender=settings.twilio_from,
            public_url=public,
            api_root=settings.twilio_api_root,
            per_second=settings.twilio_per_second,
            delete=settings.komek_twilio_delete == "on",
        )
    if settings.kannel_from and settings.kannel_sendsms_url and settings.kannel_password and settings.kannel_inbound_secret:
        from hotline_bridge.channels.sms_kannel import KannelChannel

        made[Channel.KANNEL] = KannelChannel(
            sendsms_url=settings.kannel_sendsms_url,
            username=settings.kannel_username or "",
            password=settings.kannel_password.get_secret_value(),
            sender=settings.kannel_from,
            inbound_secret=settings.kannel_inbound_secret.get_secret_value(),
            own_url=settings.komek_own_url or f"http://127.0.0.1:{settings.komek_port}",
            per_second=settings.kannel_per_second,
        )
    if settings.trial:
        from hotline_bridge.channels.trial import TrialChannel

        token = trial_token(settings)
        url = f"http://127.0.0.1:{settings.komek_console_port}"
        made[Channel.TRIAL_CHAT] = TrialChannel(Channel.TRIAL_CHAT, url, token)
        made[Channel.TRIAL_SMS] = TrialChannel(Channel.TRIAL_SMS, url, token)
    return made


def trial_token(settings: Settings) -> str:
    """By which the trial phones' server knows our worker."""
    return datafolder.token(datafolder.prepare(settings.komek_data), "trial.token")

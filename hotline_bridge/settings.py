"""Settings from the environment (and a .env file beside the project), checked at the start.

A wrong setting ends the start with one sentence that names the key and never its value. Whatever is secret may also stand in a
file of its own, named like the setting in small letters, in the folder KOMEK_SECRETS: then it is in no environment.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from hotline_bridge.errors import SettingError
from hotline_bridge.retention import EXACT, REOPENS, REPEATED, Limits

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Everything that differs between two installations. `.env.example` explains each."""

    model_config = SettingsConfigDict(
        env_file=PROJECT / ".env", extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    komek_data: Path = PROJECT / "var"
    komek_secrets: Path | None = None
    database_url: SecretStr | None = None
    database_password_file: Path | None = None
    komek_role_passwords: Path | None = None
    komek_master_key: SecretStr | None = None
    komek_master_key_file: Path | None = None
    komek_desk_key: SecretStr | None = None
    komek_desk_key_file: Path | None = None
    komek_public_url: AnyHttpUrl | None = None
    komek_own_url: str | None = None
    komek_console_url: AnyHttpUrl | None = None
    komek_bind: str = "127.0.0.1"
    komek_port: int = Field(default=8080, ge=1, le=65535)
    komek_inner_port: int = Field(default=8081, ge=1, le=65535)
    komek_console_port: int = Field(default=8082, ge=1, le=65535)
    komek_rasa_url: str = "http://127.0.0.1:5005"
    komek_actions_url: str = "http://127.0.0.1:5055/webhook"
    komek_bot_python: Path = PROJECT / ".build" / "venv-bot" / "bin" / "python"
    komek_duty_to_tell_police: Literal["unknown", "yes", "no"] = "unknown"
    komek_page_after_seconds: float = Field(default=120.0, gt=0, le=3600)
    komek_page_again_seconds: float = Field(default=300.0, gt=0, le=86400)
    komek_keep_word_copies_days: int = Field(default=30, ge=1, le=3650)
    komek_keep_key_copies_days: int = Field(default=3, ge=1, le=3650)
    komek_keep_idle_days: int = Field(default=30, ge=1, le=3650)
    komek_keep_closed_days: int = Field(default=30, ge=REOPENS.days + 1, le=3650)
    komek_keep_delivery_days: int = Field(default=7, ge=max(REPEATED, EXACT).days, le=3650)
    komek_keep_audit_days: int = Field(default=90, ge=31, le=3650)  # the database refuses to drop what is younger than 30
    komek_keep_sign_in_days: int = Field(default=1, ge=1, le=3650)
    komek_trial: Literal["auto", "on", "off"] = "auto"
    komek_webhooks_inside: Literal["on", "off"] = "off"

    telegram_bot_token: SecretStr | None = None
    telegram_api_root: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr | None = None
    telegram_bot_name: str | None = None

    twilio_account_sid: str | None = None
    twilio_auth_token: SecretStr | None = None
    twilio_from: str | None = None
    twilio_api_root: str | None = None
    komek_twilio_delete: Literal["on", "off"] = "on"
    twilio_per_second: float = Field(default=1.0, gt=0)

    kannel_sendsms_url: str | None = None
    kannel_username: str | None = None
    kannel_password: SecretStr | None = None
    kannel_from: str | None = None
    kannel_inbound_secret: SecretStr | None = None
    kannel_per_second: float = Field(default=5.0, gt=0)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        _all_or_none(self, "twilio_account_sid", "twilio_auth_token", "twilio_from")
        _all_or_none(self, "kannel_sendsms_url", "kannel_username", "kannel_password", "kannel_from", "kannel_inbound_secret")
        for name, value in self:
            if isinstance(value, SecretStr) and value.get_secret_value().startswith("change-this"):
                raise ValueError(f"{name.upper()} is still the example's word; make one of your own")
        for name in ("komek_master_key", "komek_desk_key"):
            if getattr(self, name) and getattr(self, f"{name}_file"):
                raise ValueError(f"{name.upper()} and {name.upper()}_FILE are both set; keep one of them")
        if self.telegram_bot_token and self.telegram_mode == "webhook":
            for name in ("telegram_webhook_secret", "komek_public_url"):
                if not getattr(self, name):
                    raise ValueError(f"{name.upper()} is needed because TELEGRAM_MODE is webhook")
        _only(self, "telegram_webhook_secret", r"[A-Za-z0-9_-]{1,256}", "letters, digits, - and _, at most 256")
        if self.telegram_bot_name and not re.fullmatch(r"@?[A-Za-z0-9_]{3,64}", self.telegram_bot_name):
            raise ValueError("TELEGRAM_BOT_NAME may hold only letters, digits and _, as in t.me/NAME")
        _only(self, "kannel_inbound_secret", r"[A-Za-z0-9_-]+", "letters, digits, - and _")
        if self.twilio_from and not self.komek_public_url:
            raise ValueError("KOMEK_PUBLIC_URL is needed, because Twilio signs the public address of each request")
        return self

    @property
    def limits(self) -> Limits:
        """How long what is kept."""
        return Limits(
            idle=self.komek_keep_idle_days,
            closed=self.komek_keep_closed_days,
            delivery=self.komek_keep_delivery_days,
            audit=self.komek_keep_audit_days,
            sign_in=self.komek_keep_sign_in_days,
            key_copies=self.komek_keep_key_copies_days,
            word_copies=self.komek_keep_word_copies_days,
        )

    @property
    def console_url(self) -> str:
        """Where colleagues open the console, without a slash at the end."""
        return str(self.komek_console_url or f"http://127.0.0.1:{self.komek_console_port}").rstrip("/")

    @property
    def webhooks_inside(self) -> bool:
        """Whether webhooks may lead into our own network, and be http: for tests."""
        return self.komek_webhooks_inside == "on"

    @property
    def trial(self) -> bool:
        """Whether the trial phones are on: by wish, or because no other channel is configured."""
        if self.komek_trial != "auto":
            return self.komek_trial == "on"
        return not (self.telegram_bot_token or self.twilio_from or self.kannel_from)


def _only(settings: Settings, name: str, pattern: str, allowed: str) -> None:
    value = getattr(settings, name)
    if value and not re.fullmatch(pattern, value.get_secret_value()):
        raise ValueError(f"{name.upper()} may hold only {allowed}")


def _all_or_none(settings: Settings, *names: str) -> None:
    missing = [n for n in names if not getattr(settings, n)]
    if missing and len(missing) < len(names):
        raise ValueError(f"{', '.join(n.upper() for n in missing)} must be set too, or none of its group")


class _Given(Settings):
    """Settings from what is handed over and from nothing else."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Neither the process environment nor a file."""
        return (init_settings,)


def load(env: dict[str, str] | None = None) -> Settings:
    """Settings from the process environment and .env, or from `env` alone (tests). Raises SettingError.

    With KOMEK_ENV_FILE=off in the environment .env is not read: the supervisor says so to processes that may hold no secret.
    KOMEK_SECRETS is taken from the environment alone.
    """
    try:
        if env is None:
            return _from_outside()
        return _Given(**{k.lower(): v for k, v in env.items() if v})  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingError("; ".join(_sentence(e) for e in error.errors(include_input=False, include_url=False))) from None


def _from_outside() -> Settings:
    more: dict[str, Any] = {"_env_file": None} if os.environ.get("KOMEK_ENV_FILE") == "off" else {}
    folder = os.environ.get("KOMEK_SECRETS")
    if folder and not Path(folder).is_dir():
        raise SettingError("KOMEK_SECRETS names no folder")
    try:
        return Settings(_secrets_dir=folder or None, **more)
    except OSError as error:
        raise SettingError(f"KOMEK_SECRETS holds a file that cannot be read: {Path(str(error.filename)).name}") from None


def _sentence(error: Any) -> str:
    """One sentence from one pydantic error, without the value that was given."""
    if not error["loc"]:
        return str(error["msg"]).removeprefix("Value error, ")
    key = str(error["loc"][0]).upper()
    return f"{key} is not right: {error['msg'].lower()}"

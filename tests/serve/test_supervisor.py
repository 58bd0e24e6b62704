"""The supervisor: which process gets what."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline_bridge.errors import SettingError
from hotline_bridge.serve import supervisor
from hotline_bridge.serve.children import Child, children
from hotline_bridge.serve.ready import welcome
from hotline_bridge.settings import Settings, load

URLS = {name: f"postgresql://komek_{name}@/n?host=/tmp/x" for name in ("web", "worker", "console", "actions", "rasa")}
SECRETS = {
    "KOMEK_MASTER_KEY": "geheim-master", "KOMEK_DESK_KEY": "geheim-desk",
    "TELEGRAM_BOT_TOKEN": "geheim-token", "TELEGRAM_WEBHOOK_SECRET": "geheim-webhook",
    "TWILIO_AUTH_TOKEN": "geheim-twilio", "KANNEL_PASSWORD": "geheim-kannel", "KANNEL_INBOUND_SECRET": "geheimInbound",
}  # fmt: skip
OPEN = {
    "TELEGRAM_MODE": "webhook", "KOMEK_PUBLIC_URL": "https://komek.example", "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_FROM": "+1",
    "KANNEL_SENDSMS_URL": "http://127.0.0.1:13013/cgi-bin/sendsms", "KANNEL_USERNAME": "u", "KANNEL_FROM": "1414",
}  # fmt: skip


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Child]:
    for key, value in (SECRETS | OPEN).items():
        monkeypatch.setenv(key, value)
    monkeypatch.setenv("komek_master_key", "geheim-small")
    (tmp_path / "geheim").mkdir()
    monkeypatch.setenv("KOMEK_SECRETS", str(tmp_path / "geheim"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return {child.name: child for child in children(load(SECRETS | OPEN), URLS, tmp_path)}


def test_rasa_and_the_action_server_get_no_secret(kept: dict[str, Child]) -> None:
    for name in ("rasa", "actions"):
        assert not [key for key, value in kept[name].env.items() if "geheim" in value], name
        assert kept[name].env["KOMEK_ENV_FILE"] == "off"  # nor from the file
        assert not any("geheim" in part for part in kept[name].command)


def test_web_worker_and_console_get_what_they_need(kept: dict[str, Child]) -> None:
    for name in ("web", "worker", "console"):
        assert {key: kept[name].env[key] for key in SECRETS} == SECRETS
        assert kept[name].env["DATABASE_URL"] == URLS[name]


def test_each_process_can_read_its_settings(kept: dict[str, Child], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    for name in ("actions", "web", "worker", "console"):
        for key in SECRETS | OPEN | {"komek_master_key": "", "DATABASE_URL": "", "KOMEK_ENV_FILE": ""}:
            monkeypatch.delenv(key, raising=False)
        for key, value in kept[name].env.items():
            if key.upper().startswith(("KOMEK", "TELEGRAM", "TWILIO", "KANNEL", "DATABASE")) and key.isupper():
                monkeypatch.setenv(key, value)
        assert load().komek_actions_url == "http://127.0.0.1:5055/webhook", name


def test_the_assistant_starts_first_and_only_web_has_the_inner_listener(kept: dict[str, Child]) -> None:
    assert next(iter(kept)) == "rasa"
    assert [name for name, child in kept.items() if child.env["KOMEK_INNER"] == "on"] == ["web"]
    assert "DATABASE_URL" not in kept["rasa"].env
    assert kept["rasa"].env["KOMEK_DIALOGUE_URL"] == URLS["rasa"]


def test_old_counters_are_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_1.db").write_text("old")
    children(load({}), URLS, tmp_path)
    assert list((tmp_path / "metrics").iterdir()) == []


def test_serve_says_how_the_first_administrator_is_made(tmp_path: Path) -> None:
    said = "\n".join(welcome(load({"KOMEK_DATA": str(tmp_path)})))
    assert "./run.sh invite prints a link for its first administrator" in said


async def test_serve_opens_a_database_whose_password_stands_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def upgrade(url: str) -> None:
        asked.append(url)
        raise SettingError("this is far enough")

    monkeypatch.setattr(supervisor.migrate, "upgrade", upgrade)
    (tmp_path / "password").write_text("geheim\n", encoding="utf-8")
    given = {"DATABASE_URL": "postgresql://komek@db/komek", "DATABASE_PASSWORD_FILE": str(tmp_path / "password")}
    with pytest.raises(SettingError, match="far enough"):
        await supervisor.serve(load(given | {"KOMEK_DATA": str(tmp_path / "data")}), say=lambda line: None)
    assert asked == ["postgresql://komek:geheim@db/komek"]

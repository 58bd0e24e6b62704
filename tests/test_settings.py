"""Settings: an error names the key and never the value; .env.example holds every one of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hotline_bridge import settings
from hotline_bridge.errors import SettingError
from hotline_bridge.retention import REOPENS
from hotline_bridge.settings import PROJECT, Settings, load

TWILIO = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TWILIO_FROM": "+1"}
KANNEL = {
    "KANNEL_SENDSMS_URL": "http://127.0.0.1:13013/cgi-bin/sendsms",
    "KANNEL_USERNAME": "u",
    "KANNEL_PASSWORD": "p",
    "KANNEL_FROM": "1414",
    "KANNEL_INBOUND_SECRET": "s",
}
PUBLIC = {"KOMEK_PUBLIC_URL": "https://komek.example"}
# Of a value of any length and letter these refuse nearly every one.
PICKY = [
    "KOMEK_PUBLIC_URL", "KOMEK_PORT", "KOMEK_INNER_PORT", "KOMEK_CONSOLE_PORT", "KOMEK_DUTY_TO_TELL_POLICE",
    "KOMEK_KEEP_IDLE_DAYS", "KOMEK_TRIAL", "TELEGRAM_MODE", "TWILIO_PER_SECOND", "KANNEL_PER_SECOND",
]  # fmt: skip
SECRETS = [
    "DATABASE_URL", "KOMEK_MASTER_KEY", "KOMEK_DESK_KEY", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET",
    "TWILIO_AUTH_TOKEN", "KANNEL_PASSWORD",
    "KANNEL_INBOUND_SECRET",
]  # fmt: skip


def refusal(env: dict[str, str]) -> str:
    with pytest.raises(SettingError) as refused:
        load(env)
    return str(refused.value)


@pytest.mark.parametrize("key", PICKY)
@given(value=st.text(st.characters(codec="utf-8"), min_size=12, max_size=60))
def test_a_wrong_value_is_named_by_its_key_and_never_shown(key: str, value: str) -> None:
    assume(not value.strip().startswith("http") and not any(c.isdigit() for c in value))
    assume(value.strip().casefold() not in ("infinity", "+infinity"))
    assume(value not in refusal({key: "\x01\x02"}))  # hypothesis also tries words of our own sentences
    said = refusal({key: value})
    assert said.startswith(f"{key} is not right")
    assert value not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("KOMEK_PORT", "0"),
        ("KOMEK_PORT", "65536"),
        ("KOMEK_KEEP_IDLE_DAYS", "0"),
        ("TWILIO_PER_SECOND", "-1"),
        ("KOMEK_PUBLIC_URL", "ftp://geheim.example"),
        ("KOMEK_PUBLIC_URL", "https://u:geheim@:99999"),
    ],
)
def test_a_value_outside_its_range_is_refused(key: str, value: str) -> None:
    said = refusal({key: value})
    assert key in said
    assert "geheim" not in said


def test_a_closed_case_is_kept_for_longer_than_it_may_open_again() -> None:
    """Shorter, and the person who writes again would find a case of which nothing is left."""
    assert "KOMEK_KEEP_CLOSED_DAYS" in refusal({"KOMEK_KEEP_CLOSED_DAYS": str(REOPENS.days)})
    assert load({"KOMEK_KEEP_CLOSED_DAYS": str(REOPENS.days + 1)}).limits.closed > REOPENS.days


@pytest.mark.parametrize("group", [TWILIO, KANNEL])
@given(data=st.data())
def test_a_group_is_complete_or_not_there(group: dict[str, str], data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(group)), min_size=1, max_size=len(group) - 1))
    said = refusal(PUBLIC | {k: f"secret-{k}" for k in kept})
    for key in group:
        assert (key in said) is (key not in kept)
    assert "secret-" not in said


@pytest.mark.parametrize("group", [TWILIO, KANNEL])
def test_a_complete_group_is_taken(group: dict[str, str]) -> None:
    assert not load(PUBLIC | group).trial


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"KOMEK_MASTER_KEY": "geheim", "KOMEK_MASTER_KEY_FILE": "geheim"}, ["KOMEK_MASTER_KEY", "KOMEK_MASTER_KEY_FILE"]),
        ({"TELEGRAM_BOT_TOKEN": "geheim", "TELEGRAM_MODE": "webhook"}, ["TELEGRAM_WEBHOOK_SECRET"]),
        ({"TELEGRAM_BOT_TOKEN": "geheim", "TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": "geheim"}, ["KOMEK_PUBLIC_URL"]),
        (TWILIO, ["KOMEK_PUBLIC_URL"]),
    ],
)
def test_settings_that_do_not_go_together_are_named(env: dict[str, str], named: list[str]) -> None:
    said = refusal(env)
    assert all(key in said for key in named)
    assert "geheim" not in said


@pytest.mark.parametrize("key", SECRETS)
def test_a_secret_shows_in_no_form_of_the_settings(key: str) -> None:
    complete = PUBLIC | TWILIO | KANNEL | {key: "geheim123"}
    made = load(complete)
    assert "geheim" not in repr(made) + str(made) + made.model_dump_json()
    assert getattr(made, key.lower()).get_secret_value() == "geheim123"


@pytest.mark.parametrize("key", ["KANNEL_PASSWORD", "KANNEL_INBOUND_SECRET"])
def test_an_examples_secret_is_none(key: str) -> None:
    example = (PROJECT / "docs" / "kannel" / "kannel.conf.example").read_text(encoding="utf-8")
    words = set(re.findall(r"change-this-[\w-]+", example))
    assert words
    for word in words:
        assert key in refusal(KANNEL | {key: word})


def test_every_setting_that_sounds_secret_is_one() -> None:
    for name, info in Settings.model_fields.items():
        if "Path" in str(info.annotation):
            continue  # where a secret lies is none
        secret = any(word in name for word in ("token", "secret", "password", "database_url")) or name.endswith("_key")
        assert ("SecretStr" in str(info.annotation)) is secret, name


def test_trial_phones_are_on_while_there_is_no_other_channel() -> None:
    telegram = {"TELEGRAM_BOT_TOKEN": "t"}
    assert load({}).trial
    assert not load(telegram).trial
    assert load(telegram | {"KOMEK_TRIAL": "on"}).trial
    assert not load({"KOMEK_TRIAL": "off"}).trial


def test_given_settings_are_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_FROM", "+1")
    monkeypatch.setenv("KOMEK_PORT", "1234")
    assert load({}).komek_port == 8080
    assert load({"KOMEK_PORT": ""}).komek_port == 8080


def test_the_environment_goes_before_the_file_and_the_file_can_be_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for key in Settings.model_fields:
        monkeypatch.delenv(key.upper(), raising=False)
    file = tmp_path / ".env"
    file.write_text("KOMEK_PORT=1111\nKOMEK_INNER_PORT=1112\nKOMEK_TRIAL=\n")
    monkeypatch.setitem(Settings.model_config, "env_file", file)
    monkeypatch.delenv("KOMEK_ENV_FILE", raising=False)
    monkeypatch.setenv("KOMEK_PORT", "2222")
    found = load()
    assert (found.komek_port, found.komek_inner_port, found.komek_trial) == (2222, 1112, "auto")
    monkeypatch.setenv("KOMEK_ENV_FILE", "off")
    assert load().komek_inner_port == 8081


def test_a_secret_may_stand_in_a_file_of_its_own_and_an_empty_one_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for key in Settings.model_fields:
        monkeypatch.delenv(key.upper(), raising=False)
    monkeypatch.setenv("KOMEK_ENV_FILE", "off")
    monkeypatch.setenv("KOMEK_SECRETS", str(tmp_path))
    (tmp_path / "telegram_bot_token").write_text("geheim\n")
    (tmp_path / "twilio_auth_token").write_text("")
    (tmp_path / "db_owner").write_text("another one")
    found = load()
    assert found.telegram_bot_token
    assert found.telegram_bot_token.get_secret_value() == "geheim"
    assert not found.twilio_auth_token
    assert "geheim" not in repr(found)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")  # an empty setting is none, so the file counts
    assert load().telegram_bot_token == found.telegram_bot_token
    monkeypatch.setenv("KOMEK_SECRETS", str(tmp_path / "nothing"))
    with pytest.raises(SettingError, match="KOMEK_SECRETS"):
        load()


def test_tests_do_not_read_the_file_of_whoever_runs_them() -> None:
    assert settings.load({}).model_dump() == settings.load({}).model_dump()
    assert load({}).database_url is None


EXAMPLE = (PROJECT / ".env.example").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def test_the_example_holds_every_setting_and_nothing_else() -> None:
    assert sorted(ROWS) == sorted(name.upper() for name in Settings.model_fields)
    assert len(re.findall(r"^[^#\n]", EXAMPLE, re.MULTILINE)) == len(ROWS)


def test_the_example_changes_nothing_and_holds_no_secret() -> None:
    assert load(ROWS).model_dump() == load({}).model_dump()
    assert {ROWS[key] for key in SECRETS} == {""}


def test_every_setting_of_the_example_is_explained() -> None:
    unexplained = []
    explained = False
    for line in EXAMPLE.splitlines():
        if line.startswith("#"):
            explained = True
        elif not line:
            explained = False
        elif not explained:
            unexplained.append(line)
    # The heading of its group says what these are.
    assert [line.partition("=")[0] for line in unexplained] == ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"]

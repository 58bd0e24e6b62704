"""docker-compose.yml as Debian's docker-compose reads it. No engine is needed for that, and none is tried here."""

from __future__ import annotations

import shutil
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from hotline_bridge.settings import PROJECT, Settings, load

COMPOSE = shutil.which("docker-compose")
REACH_OUTSIDE = {"web", "worker"}
TOKENS = {"telegram_bot_token", "telegram_webhook_secret", "twilio_auth_token", "kannel_password", "kannel_inbound_secret"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    return found


# ./run.sh test installs it (tests/journeys/install_chromium.sh); it cannot without root or without Debian's packages.
@pytest.mark.skipif(COMPOSE is None, reason="docker-compose is not installed")
def test_compose_accepts_the_file(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "docker-compose.yml", tmp_path)
    shutil.copy(PROJECT / ".env.example", tmp_path / ".env")
    command = [str(COMPOSE), "config", "-q"]
    done = subprocess.run(command, cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_only_web_and_worker_reach_the_outside_and_rasa_reaches_neither_web_nor_console(services: dict[str, Any]) -> None:
    assert {name for name, one in services.items() if "edge" in one["networks"]} == REACH_OUTSIDE
    assert {name for name, one in services.items() if "dialogue" in one["networks"]} == {"database", "worker", "actions", "rasa"}
    networks = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["networks"]
    assert {name for name, one in networks.items() if not one.get("internal")} == {"edge"}
    assert {name for name, one in services.items() if one.get("ports")} == {"web"}
    assert services["web"]["ports"][0].startswith("127.0.0.1:")


def test_the_console_has_no_port_and_its_machine_alone_reaches_it_where_the_docs_say(services: dict[str, Any]) -> None:
    counter = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["networks"]["counter"]
    assert counter["internal"] is True
    assert [name for name, one in services.items() if "counter" in one["networks"]] == ["console"]
    range_, address = (
        value.replace("${KOMEK_COUNTER:-172.31.82}", "172.31.82")
        for value in (counter["ipam"]["config"][0]["subnet"], services["console"]["networks"]["counter"]["ipv4_address"])
    )
    assert ip_address(address) in ip_network(range_)
    assert ip_network(range_).subnet_of(ip_network("172.16.0.0/12")), "whose X-Forwarded-For is believed"
    for document in ("README.md", "docs/security.md"):
        assert f"{address}:8082" in (PROJECT / document).read_text()


def test_every_container_is_read_only_without_rights_and_with_limits(services: dict[str, Any]) -> None:
    for name, one in services.items():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert one["pids_limit"]
        assert one["mem_limit"]
        assert one["logging"]["options"]["max-size"]
        if name != "database":
            assert one["user"] == "10001:10001"
            assert "cap_add" not in one
        if one["restart"] != "no":
            assert one["healthcheck"]["test"]


def test_the_channels_tokens_come_from_files_and_go_to_web_and_worker_alone(services: dict[str, Any]) -> None:
    for name, one in services.items():
        if name in REACH_OUTSIDE:
            assert set(one["secrets"]) >= TOKENS
            assert one["environment"]["KOMEK_SECRETS"] == "/run/secrets"
        else:
            assert not TOKENS & set(one["secrets"])
            assert "KOMEK_SECRETS" not in one["environment"]
            if one.get("env_file"):  # whatever stands in .env
                assert {one["environment"][token.upper()] for token in TOKENS} == {""}


def test_what_a_process_is_given_starts_it(services: dict[str, Any]) -> None:
    filled = {key: "x" for key in Settings.model_fields if key.upper().startswith(("TELEGRAM_", "TWILIO_", "KANNEL_"))}
    filled |= {
        "telegram_bot_name": "notes",
        "telegram_mode": "webhook",
        "komek_public_url": "https://x",
        "twilio_per_second": "1",
        "kannel_per_second": "1",
    }
    for name in ("web", "worker", "console"):
        given = {key.upper(): value for key, value in filled.items()} | services[name]["environment"]
        found = load({key: str(value) for key, value in given.items()})
        assert bool(found.telegram_bot_token) is (name != "console")
        assert found.trial is False


def test_the_console_is_given_the_desks_key_and_not_the_master_key(services: dict[str, Any]) -> None:
    console = services["console"]
    assert console["secrets"] == ["desk_key", "db_console"]
    assert console["environment"]["KOMEK_MASTER_KEY_FILE"] == ""


def test_rasa_and_the_action_server_are_given_no_key(services: dict[str, Any]) -> None:
    for name in ("rasa", "actions"):
        assert services[name]["secrets"] == [f"db_{name}"]
        assert not any("MASTER_KEY" in key or "TOKEN" in key for key in services[name]["environment"])
        assert not services[name].get("env_file")


def test_each_process_signs_in_to_the_database_under_its_own_role_with_a_password_from_a_file(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "console", "actions", "rasa"):
        environment = services[name]["environment"]
        url = environment.get("DATABASE_URL") or environment["KOMEK_DIALOGUE_URL"]
        assert url == f"postgresql://komek_{name}@database/komek"
        file = environment.get("DATABASE_PASSWORD_FILE") or environment["KOMEK_DIALOGUE_PASSWORD_FILE"]
        assert file == f"/run/secrets/db_{name}"
        assert "db_owner" not in services[name]["secrets"]

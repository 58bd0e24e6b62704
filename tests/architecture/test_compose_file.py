"""docker-compose.yml as Debian's docker-compose reads it. No engine is needed for that, and none is tried here."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from hotline_bridge.settings import PROJECT

COMPOSE = shutil.which("docker-compose")
REACH_OUTSIDE = {"web", "worker"}


@pytest.mark.skipif(COMPOSE is None, reason="docker-compose is not installed")
def test_compose_accepts_the_file(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "docker-compose.yml", tmp_path)
    shutil.copy(PROJECT / ".env.example", tmp_path / ".env")
    command = [str(COMPOSE), "config", "-q"]
    done = subprocess.run(command, cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_only_web_and_worker_reach_the_outside_and_none_of_ours_may_write() -> None:
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    assert {name for name, one in services.items() if "edge" in one["networks"]} == REACH_OUTSIDE
    for name, one in services.items():
        if name != "database":
            assert one["read_only"] is True
            assert one["user"] == "10001:10001"
            assert one["cap_drop"] == ["ALL"]


def test_the_console_is_given_the_desks_key_and_not_the_master_key() -> None:
    console = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]["console"]
    assert console["secrets"] == ["desk_key", "db_console"]
    assert console["environment"]["KOMEK_MASTER_KEY_FILE"] == ""


def test_rasa_and_the_action_server_are_given_no_key() -> None:
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    for name in ("rasa", "actions"):
        assert services[name]["secrets"] == [f"db_{name}"]
        assert not any("MASTER_KEY" in key or "TOKEN" in key for key in services[name]["environment"])
        assert not services[name].get("env_file")


def test_each_process_signs_in_to_the_database_under_its_own_role_with_a_password_from_a_file() -> None:
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    for name in ("web", "worker", "console", "actions", "rasa"):
        environment = services[name]["environment"]
        url = environment.get("DATABASE_URL") or environment["KOMEK_DIALOGUE_URL"]
        assert url == f"postgresql://komek_{name}@database/komek"
        file = environment.get("DATABASE_PASSWORD_FILE") or environment["KOMEK_DIALOGUE_PASSWORD_FILE"]
        assert file == f"/run/secrets/db_{name}"
        assert "db_owner" not in services[name]["secrets"]

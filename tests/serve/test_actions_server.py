"""The action server: the door behind which tickets are opened is there before anybody asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hotline_bridge.action_api import ActionApi
from hotline_bridge.errors import SettingError
from hotline_bridge.serve import actions_server
from hotline_bridge.settings import load

DATABASE = {"DATABASE_URL": "postgresql://komek_actions@127.0.0.1/komek"}


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(actions_server.logs, "configure", lambda role: None)
    before = ActionApi.install(None)
    yield
    ActionApi.install(before)


class Served:
    """Stands for Sanic's app: notes the door that is there when it begins to serve."""

    door: ActionApi | None = None

    def run(self, **_: Any) -> None:
        self.door = ActionApi.current()


def test_the_door_is_there_when_it_begins_to_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served()
    monkeypatch.setattr(actions_server, "create_app", lambda executor: served)
    assert actions_server.run(load(DATABASE)) == 0
    assert served.door is not None


def test_without_a_database_it_does_not_begin() -> None:
    with pytest.raises(SettingError, match="DATABASE_URL"):
        actions_server.run(load({}))


def test_no_other_process_opens_tickets_for_the_assistant() -> None:
    with pytest.raises(SettingError, match="without the bridge's tickets"):
        ActionApi.current()

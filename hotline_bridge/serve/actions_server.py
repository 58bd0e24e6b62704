"""The action server: rasa-sdk with actions/ in it, on loopback or the inner network only."""

from __future__ import annotations

from urllib.parse import urlsplit

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from hotline_bridge import bootstrap
from hotline_bridge.action_api import ActionApi
from hotline_bridge.serve import logs
from hotline_bridge.settings import Settings


def run(settings: Settings) -> int:
    """Serve until a signal."""
    logs.configure("actions")
    ActionApi.install(bootstrap.for_actions(settings))
    executor = ActionExecutor()
    executor.register_package("actions")
    where = urlsplit(settings.komek_actions_url)
    app = create_app(executor)
    app.run(host=where.hostname or "127.0.0.1", port=where.port or 5055, single_process=True, access_log=False, motd=False)
    return 0

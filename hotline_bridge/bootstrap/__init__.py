"""The one place that builds things from the settings.

What only one role needs is imported where it is built: a process pays in memory for its own role alone.
"""

from hotline_bridge.bootstrap.database import database_url, reachable_database
from hotline_bridge.bootstrap.folders import anonymiser, cry_lists, lists, reading, renderer
from hotline_bridge.bootstrap.processes import for_actions, for_desk, for_orders, for_receiving, for_working
from hotline_bridge.bootstrap.providers import trial_token
from hotline_bridge.bootstrap.safes import desk, rings, vault

__all__ = [
    "anonymiser",
    "cry_lists",
    "database_url",
    "desk",
    "for_actions",
    "for_desk",
    "for_orders",
    "for_receiving",
    "for_working",
    "lists",
    "reachable_database",
    "reading",
    "renderer",
    "rings",
    "trial_token",
    "vault",
]

"""The only code of ours that runs inside Rasa's graph, and the few changes to Rasa itself."""

from __future__ import annotations


def install() -> None:
    """Puts our changes into Rasa. Called before Rasa trains or loads a model; calling it again changes nothing."""
    from bot.components import hot_spots, local_actions, quiet_logs

    quiet_logs.install()
    hot_spots.install()
    local_actions.install()

"""knowledge/ as the code has it. Nothing here chooses a language or a channel."""

from hotline_bridge.knowledge.loading import load
from hotline_bridge.knowledge.texts import SHOWN, Index, Knowledge, Text, Topic

__all__ = ["SHOWN", "Index", "Knowledge", "Text", "Topic", "load"]

"""knowledge/ as the code has it. Nothing here knows a language or a channel."""

from hotline_bridge.knowledge.loading import load
from hotline_bridge.knowledge.texts import SHOWN, Contact, Fact, Index, Knowledge, Source, Text, Topic

__all__ = ["SHOWN", "Contact", "Fact", "Index", "Knowledge", "Source", "Text", "Topic", "load"]

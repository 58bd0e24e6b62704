"""What a queue page's address asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from hotline_bridge.accounts.people import Account
from hotline_bridge.console import address
from hotline_bridge.console.texts import N_
from hotline_bridge.messages import LANGUAGES, Channel
from hotline_bridge.tickets.needs import NEEDS
from hotline_bridge.tickets.queue import Filter

CHANNELS = frozenset(Channel)
TABS = {"free": N_("Free"), "mine": N_("Mine"), "all": N_("All")}
_NAME = re.compile(r"[A-Za-z_-]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page's address asks for. language: mine (the account's own), all, or one. "" is any."""

    tab: str = "free"
    language: str = "mine"
    channel: str = ""
    topic: str = ""
    region: str = ""
    need: str = ""

    def query(self, **other: str) -> str:
        """The address' query for this, or for the same with something else."""
        return address.query(self, **other)

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set by hand."""
        return self != Wanted(self.tab)

    def filter(self, account: Account) -> Filter:
        """For the query; what does not exist is any."""
        spoken = account.languages if self.language == "mine" else (self.language,) if self.language in LANGUAGES else ()
        own = self.tab == "mine"  # whoever has somebody sees them in every language
        return Filter(
            whose=self.tab if self.tab in TABS else "free",
            languages=None if own or not spoken or set(spoken) == set(LANGUAGES) else tuple(spoken),
            channel=self.channel if self.channel in CHANNELS else None,
            topic=self.topic if _NAME.fullmatch(self.topic) else None,
            region=self.region if _NAME.fullmatch(self.region) else None,
            need=self.need if self.need in NEEDS else None,
        )


def from_address(
    tab: Annotated[str, Query(max_length=10)] = "free",
    language: Annotated[str, Query(max_length=10)] = "mine",
    channel: Annotated[str, Query(max_length=40)] = "",
    topic: Annotated[str, Query(max_length=60)] = "",
    region: Annotated[str, Query(max_length=40)] = "",
    need: Annotated[str, Query(max_length=40)] = "",
) -> Wanted:
    """From the address."""
    return Wanted(tab if tab in TABS else "free", language or "mine", channel, topic, region, need)

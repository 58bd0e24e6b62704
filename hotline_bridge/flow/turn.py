"""One turn: the message as it was opened, and what it leads to. Records between answer, compose, conclude and what they ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from hotline_bridge.anonymiser.anonymiser import Placeholder
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow.resume import Code
from hotline_bridge.messages import Kind, Reply, Voice
from hotline_bridge.pagers import Pager
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.vault.sealing import Key

CODE_OF = "need:"  # a value that open_tickets replaces by the code of the ticket of that need


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, opened. known: the conversation's placeholders so far; pager: the chat is an operator's (flow/pager.py).

    agreement: how its writer may be reached, with the words; elsewhere: words that were agreed on from another phone, whose
    request goes on here: they are known again, and nothing else of that phone's is (flow/elsewhere.py). held: a reply waits for
    the word that it is safe, or did lately. code: the number of a request that stands in it. crowded: it gets no ordinary answer,
    and whether that is to be said.
    """

    turn: UUID
    kind: Kind
    text: str
    attempts: int
    key: Key
    known: tuple[Placeholder, ...] = ()
    pager: Pager | None = None
    agreement: Agreement | None = None
    held: bool = False
    code: Code | None = None
    crowded: Literal["", "tell", "told"] = ""
    elsewhere: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """Every pair of words that counts here: by which to know each other, and that says "I am not alone"."""
        own = self.agreement.words if self.agreement else None
        return (*((own,) if own else ()), *self.elsewhere)

    @property
    def is_asked(self) -> bool:
        """Whether a reply waits for the answer to "is it safe now?"."""
        return self.held and self.agreement is not None and self.agreement.is_asked


@dataclass(frozen=True, slots=True)
class Wanted:
    """A human is wanted for `need`. facts: closed answers. Unlike `Answer.needs` it hurries nothing."""

    need: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the turn leads to: the conversation as it is afterwards, replies in order, tickets to open, and what to erase.

    said: the message as an operator may read it; danger: whether words of danger stood in it; private: it is not written down.
    pager: "add", "remove" or "keep" an operator's pager (flow/pager.py); voice: of the replies, if not the conversation's own.
    reset: no question of the assistant's is open any more. alarm: the agreed sign "I am not alone" was given.
    agreement: to be kept. contact: the answer to "is it safe now?". resumes: the request of another conversation goes on here.
    offer: choices that stand in the replies' own words. for_a_human: nothing is said to it, so it must stand in an open request.
    """

    conversation: Conversation
    replies: tuple[Reply, ...] = ()
    needs: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    new: tuple[Placeholder, ...] = ()
    said: str = ""
    danger: bool = False
    private: bool = False
    clear: bool = False
    forget: bool = False
    pager: Literal["", "add", "remove", "keep"] = ""
    voice: Voice | None = None
    reset: bool = False
    alarm: bool = False
    agreement: Agreement | None = None
    contact: Literal["yes", "no"] | None = None
    resumes: Code | None = None
    offer: tuple[str, ...] = ()
    for_a_human: bool = False

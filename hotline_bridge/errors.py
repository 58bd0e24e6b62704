"""Every error the bridge raises on purpose, as one tree.

KomekError
├── SettingError        a setting is missing or wrong; the sentence names the key, never the value
├── DataFolderBusy      a second instance uses the same data folder
├── Forgotten           the conversation's key is gone: its words and address cannot be read again
├── NotNow              an order on the command line cannot be carried out as things stand
├── KnowledgeError      knowledge/ or locales/ cannot be used as it is
├── AssistantSilent     Rasa, or the action server behind it, gave no answer
├── DeskError           what an operator asked for cannot be done; the sentence says why
│   ├── TakenByAnother  another operator has this conversation
│   ├── NotYours        it must be taken first
│   ├── Identifying     a text that goes out would tell who somebody is
│   └── CannotBeWritten to: the person stopped, blocked us, or must not be written to now
├── AccountRefused      a person of the console cannot have what they asked for; `code` says why
│   └── TooSoon         too many attempts to sign in: again after `seconds`
├── PartnerRefused      another case system, or who sets one up, cannot have what was asked for; the sentence says why
├── Refused             an inbound request that must not be stored
│   ├── Forged          its signature or secret is wrong
│   └── Unreadable      it is genuine, but not of the provider's form
└── SendError           a message could not be handed to a provider
    ├── TryAgain        later, with growing pauses
    ├── SlowDown        later, when the provider says so; for this conversation alone
    ├── Gone            never: blocked, deleted or not a telephone
    ├── NeverAgain      never: the provider will not take this message
    └── OutOfOrder      an operator is needed: credentials or account are wrong; tried again all the same
"""

from __future__ import annotations

from uuid import UUID


class KomekError(Exception):
    """The root. Its text is a sentence for the person who must act on it."""


class SettingError(KomekError):
    """A setting is missing or wrong. Never holds the value."""


class DataFolderBusy(KomekError):
    """Another process holds the data folder."""


class Forgotten(KomekError):
    """There is no key for this conversation any more."""


class NotNow(KomekError):
    """Something stands in the way of an order; the sentence says what, and nothing was changed."""


class KnowledgeError(KomekError):
    """A file of the lawyer, the translator or the linguist cannot be used."""


class AssistantSilent(KomekError):
    """The assistant gave no usable answer; the caller answers itself."""


class DeskError(KomekError):
    """What was asked for at the desk is refused. `reason` is a short name by which the page says it in its own language."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class TakenByAnother(DeskError):
    """Another operator was quicker. `holder` is their account."""

    def __init__(self, holder: UUID) -> None:
        super().__init__("taken", "another operator has taken this conversation")
        self.holder = holder


class NotYours(DeskError):
    """The conversation must be taken before it is written in, handed over or closed."""

    def __init__(self) -> None:
        super().__init__("not_yours", "take this conversation first; it is not yours at the moment")


class Identifying(DeskError):
    """A text for others holds something that tells who somebody is. labels: what it was taken for, never what it says."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__("identifying", f"the text tells who somebody is: {', '.join(labels)}")
        self.labels = labels


class CannotBeWritten(DeskError):
    """This may not or cannot be written. reason: stopped, unsafe, unreachable, forgotten, method, long, long_sms, empty."""


class AccountRefused(KomekError):
    """Sign-in, invitation or a change of an account is refused. `code` is a short name; the console has the sentence for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooSoon(AccountRefused):
    """Somebody tried to sign in too often; the next attempt counts after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too_soon")
        self.seconds = seconds


class PartnerRefused(KomekError):
    """What another case system asked for is refused. `reason` is a short name, `status` the one of HTTP that fits."""

    def __init__(self, reason: str, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.status = status


class Refused(KomekError):
    """An inbound request that is not stored."""

    status = 400


class Forged(Refused):
    """Wrong or missing signature, token or secret."""

    status = 403


class Unreadable(Refused):
    """Genuine, but not of the form the provider documents."""

    status = 400


class SendError(KomekError):
    """A provider did not take a message. `code` is a short, harmless name for logs and metrics."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryAgain(SendError):
    """A time-out, a 5xx or a lost connection."""


class SlowDown(SendError):
    """The provider asks for a pause of `seconds` before the next message to this person."""

    def __init__(self, code: str, seconds: float) -> None:
        super().__init__(code)
        self.seconds = seconds


class Gone(SendError):
    """The person blocked us, left, or the number is not in service."""


class NeverAgain(SendError):
    """The provider refuses this message and would refuse it again."""


class OutOfOrder(SendError):
    """Our account or credentials are wrong: nothing gets out until somebody acts."""

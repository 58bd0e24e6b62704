"""What is made from the folders of the linguist, the lawyer and the translator: nlu/, knowledge/ and locales/."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hotline_bridge.flow.stations import CryLists, Reading
from hotline_bridge.settings import PROJECT, Settings

if TYPE_CHECKING:
    from bot.reading.language import LanguageReader
    from hotline_bridge.anonymiser.anonymiser import Anonymiser
    from hotline_bridge.lists import Lists
    from hotline_bridge.replies.render import Renderer


def reading(nlu: Path = PROJECT / "nlu") -> Reading:
    """Language, danger, orders and choices, from the linguist's files and the trained language model."""
    from bot.reading.agreed_words import AgreedWords
    from bot.reading.answers import Answers
    from bot.reading.commands import Commands
    from bot.reading.danger import DangerList

    return Reading(
        DangerList.load(nlu / "danger"),
        Commands.load(nlu / "commands"),
        language_reader(nlu),
        Answers.load(nlu / "answers"),
        AgreedWords.load(nlu / "agreed_words"),
    )


def cry_lists(nlu: Path = PROJECT / "nlu") -> CryLists:
    """What tells a cry for help, without any model."""
    from bot.reading.commands import Commands
    from bot.reading.danger import DangerList

    return CryLists(DangerList.load(nlu / "danger"), Commands.load(nlu / "commands"))


def language_reader(nlu: Path = PROJECT / "nlu") -> LanguageReader:
    """The trained language model."""
    from bot.current_model import current_model
    from bot.reading.language import LanguageReader

    return LanguageReader.load(current_model(nlu))


def anonymiser() -> Anonymiser:
    """What finds identifiers; it takes a second and 50 MB."""
    from hotline_bridge.anonymiser.anonymiser import Anonymiser

    return Anonymiser()


def renderer(settings: Settings, project: Path = PROJECT) -> Renderer:
    """Knowledge and the four catalogs."""
    from hotline_bridge import knowledge
    from hotline_bridge.replies import catalogs
    from hotline_bridge.replies.render import Renderer

    loaded = knowledge.load(project / "knowledge")
    return Renderer(loaded, catalogs.load(project / "locales"), settings.komek_duty_to_tell_police, settings.limits)


def lists(project: Path = PROJECT) -> Lists:
    """What the lawyer keeps for operators to read."""
    from hotline_bridge import lists

    return lists.load(project / "knowledge")

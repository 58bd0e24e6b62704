"""A command is the whole message, in any spelling; inside a sentence it is only a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.current_model import ROOT
from bot.reading.commands import Commands, CommandsWrong


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    (tmp_path / "ru.yml").write_text('stop: ["стоп", STOP, "не пишите"]\nyes: ["да", yes]\nno: ["нет", no]\n')
    (tmp_path / "uz.yml").write_text('stop: ["to\'xtat"]\nyes: ["ha"]\nhelp: ["yordam"]\n')
    return Commands.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("стоп", "stop"),
        ("  Stop!! ", "stop"),
        ("СТОООП", "stop"),
        ("не пишите.", "stop"),
        ("toxtat", "stop"),
        ("тўхтат", "stop"),
        ("да", "yes"),
        ("da", "yes"),
        ("yes", "yes"),
        ("no", "no"),
        ("Yordam", "help"),
        ("stop him", None),
        ("стоп его", None),
        ("да, но позже", None),
        ("", None),
        ("😀", None),
    ],
)
def test_a_command_is_the_whole_message(commands: Commands, text: str, command: str | None) -> None:
    assert commands.match(text) == command


def test_an_unknown_command_is_named(tmp_path: Path) -> None:
    (tmp_path / "ru.yml").write_text("halt: [стой]\n")
    with pytest.raises(CommandsWrong, match=r"ru\.yml"):
        Commands.load(tmp_path)


def test_where_languages_disagree_the_weightier_command_wins(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("yes: [bas]\n")
    (tmp_path / "b.yml").write_text("stop: [bas]\n")
    assert Commands.load(tmp_path).match("bas") == "stop"


@pytest.mark.parametrize("cry", ["Помогите!", "көмектесіңдер", "yordam beringlar", "ёрдам беринглар", "кумак кунед", "SOS"])
def test_a_bare_cry_for_help_is_heard_in_every_language(cry: str) -> None:
    assert Commands.load(ROOT / "nlu" / "commands").match(cry) == "cry"


def test_help_with_something_is_no_cry() -> None:
    assert Commands.load(ROOT / "nlu" / "commands").match("помогите с работой") is None

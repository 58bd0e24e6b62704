"""How long what is kept stands in one table, and the table says what the settings do."""

from __future__ import annotations

import re

from hotline_bridge.retention import Limits
from hotline_bridge.settings import PROJECT, Settings, load

README = (PROJECT / "README.md").read_text(encoding="utf-8")
TABLE = README.partition("## What is kept, how long\n")[2].partition("\n## ")[0]


def test_the_table_in_the_readme_holds_every_limit_as_it_is_set() -> None:
    written = {name: int(days) for days, name in re.findall(r"^\| .+ \| (\d+) \| `([A-Z_]+)` \|$", TABLE, re.MULTILINE)}
    fields = {name.upper(): info.default for name, info in Settings.model_fields.items() if name.startswith("komek_keep_")}
    assert written == fields


def test_without_settings_the_limits_are_those_of_the_table() -> None:
    assert load({}).limits == Limits()


def test_every_limit_follows_its_setting() -> None:
    names = [name.upper() for name in Settings.model_fields if name.startswith("komek_keep_")]
    changed = load({name: "99" for name in names}).limits
    assert {getattr(changed, field) for field in Limits.__dataclass_fields__} == {99}
    assert len(names) == len(Limits.__dataclass_fields__)

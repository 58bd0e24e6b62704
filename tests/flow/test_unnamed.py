"""unnamed: numbers and addresses are taken out of what staff write; names, times and placeholders stay."""

from __future__ import annotations

import pytest

from hotline_bridge.errors import Identifying
from hotline_bridge.flow import unnamed
from hotline_bridge.flow.stations import Stations


@pytest.mark.parametrize(
    "text",
    ["Зовут её Айгуль, спит днём", "Позвонить в 112 после 18:00", "см. [PHONE_1] и [ADDRESS_1]", "Следователь Каримов ждёт", ""],
)
async def test_names_times_and_placeholders_may_stand(without_store: Stations, text: str) -> None:
    await unnamed.refuse(without_store, text)
    assert unnamed.masked(await unnamed.look(without_store, text)) == text


@pytest.mark.parametrize(
    ("text", "label", "left"),
    [
        ("её номер 8 701 234 56 78, звонить вечером", "PHONE", "её номер [PHONE], звонить вечером"),
        ("пишет с почты aigul@mail.kz", "EMAIL", "пишет с почты [EMAIL]"),
    ],
)
async def test_what_leads_to_a_person_is_refused_or_masked(without_store: Stations, text: str, label: str, left: str) -> None:
    with pytest.raises(Identifying) as refused:
        await unnamed.refuse(without_store, text)
    assert refused.value.labels == (label,)
    assert unnamed.masked(await unnamed.look(without_store, text)) == left

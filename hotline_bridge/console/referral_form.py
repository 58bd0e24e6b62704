"""What an operator enters to refer somebody, as the form sends it and as it is shown again when it was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.datastructures import FormData

from hotline_bridge.flow.look import Case
from hotline_bridge.flow.refer import Draft
from hotline_bridge.organisations import SERVICES, Organisation, Wish
from hotline_bridge.referrals import AGES, FIELDS, SEXES
from hotline_bridge.transcript import Line

TYPED = "typed"  # the consent was given in another way than by a line of the conversation
LINES = 12  # of the person's, offered as their consent


@dataclass(frozen=True, slots=True)
class Entered:
    """Every field of the form. line: the moment of the line that is the consent, or TYPED."""

    organisation: str = ""
    needs: tuple[str, ...] = ()
    give: tuple[str, ...] = ("needs", "language")
    age: str = ""
    sex: str = ""
    note: str = ""
    values: tuple[str, ...] = ()
    line: str = ""
    consent: str = ""
    told: bool = False

    def draft(self, case: Case, organisation: Organisation) -> Draft:
        """What the step gets. What was filled in is given; an empty field is not."""
        filled = {"needs"} | {name for name in ("age", "sex", "note", "values") if getattr(self, name)}
        give = {name for name in self.give if name in FIELDS} - {"age", "sex", "note", "values"}
        return Draft(
            organisation=organisation,
            consent=self._words(case),
            told=self.told,
            give=frozenset(give | filled),
            needs=self.needs,
            age=self.age,
            sex=self.sex,
            note=self.note,
            reveals=tuple(found for value in self.values if (found := _id(value)) is not None),
        )

    def _words(self, case: Case) -> str:
        if self.line == TYPED:
            return self.consent
        return next((line.text for line in offered(case) if line.at.isoformat() == self.line), "")


@dataclass(frozen=True, slots=True)
class Filter:
    """By which organisations are looked for; "" is any."""

    region: str = ""
    language: str = ""
    needs: tuple[str, ...] = ()
    abroad: bool = False

    def wish(self) -> Wish:
        """For organisations.fitting."""
        return Wish(self.region or None, self.language or None, self.needs, self.abroad)


def entered(form: FormData) -> Entered:
    """The form as it came; what is no choice of ours is left out."""

    def one(name: str) -> str:
        value = form.get(name, "")
        return value if isinstance(value, str) else ""

    def several(name: str) -> tuple[str, ...]:
        return tuple(value for value in form.getlist(name) if isinstance(value, str))

    return Entered(
        organisation=one("organisation"),
        needs=tuple(name for name in SERVICES if name in several("needs")),
        give=tuple(name for name in FIELDS if name in several("give")),
        age=one("age") if one("age") in AGES else "",
        sex=one("sex") if one("sex") in SEXES else "",
        note=one("note").strip(),
        values=several("values"),
        line=one("line"),
        consent=one("consent"),
        told=one("told") == "yes",
    )


def offered(case: Case) -> list[Line]:
    """The person's last lines, newest first."""
    return [line for line in reversed(case.lines) if line.is_sentence][:LINES]


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def moment_of(line: Line) -> str:
    """By which the form names a line."""
    at: datetime = line.at
    return at.isoformat()

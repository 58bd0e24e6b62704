"""What stands in the navigation, in this order. An entry shows to its roles, and only when the app has the route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from hotline_bridge.accounts.people import Role
from hotline_bridge.console.texts import N_

_O, _S, _A, _U = Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR


@dataclass(frozen=True, slots=True)
class Entry:
    """One link. The text is English; it is translated on the page. badge: the path that says how many wait there."""

    path: str
    text: str
    roles: tuple[Role, ...]
    badge: str | None = None


ENTRIES = (
    Entry("/queue", N_("Queue"), (_O, _S)),
    Entry("/reveals", N_("Reveals"), (_S,), "/reveals/waiting"),
    Entry("/referrals", N_("Referrals"), (_O, _S)),
    Entry("/suggestions", N_("Suggestions"), (_S,)),
    Entry("/decision-times", N_("Time to decide"), (_O, _S), "/decision-times/soon"),
    Entry("/shifts", N_("Shifts"), (_O, _S, _A)),
    Entry("/figures", N_("Figures"), (_O, _S, _A, _U)),
    Entry("/ready-replies", N_("Ready replies"), (_O, _S, _A, _U)),
    Entry("/organisations", N_("Organisations"), (_O, _S, _A, _U)),
    Entry("/contacts", N_("Telephone numbers"), (_O, _S, _A, _U)),
    Entry("/facts", N_("Facts"), (_O, _S, _A, _U)),
    Entry("/guide", N_("Guide"), (_O, _S)),
    Entry("/audit", N_("Audit trail"), (_A, _U)),
    Entry("/api-access", N_("API access"), (_A,)),
    Entry("/people", N_("Staff"), (_A,)),
)


def paths_of(routes: Sequence[BaseRoute]) -> set[str]:
    """The paths that the app answers, those of included routers too."""
    return {route.path for route in iter_route_contexts(routes) if route.path}


def entries(role: Role, known: set[str]) -> list[Entry]:
    """What somebody in this role sees."""
    return [entry for entry in ENTRIES if role in entry.roles and entry.path in known]


def home(role: Role, known: set[str]) -> str:
    """Where somebody in this role starts."""
    return next((entry.path for entry in entries(role, known)), "/account")

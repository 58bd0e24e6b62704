"""What staff do in the canary test: an administrator takes up the console, an operator works for Gulbahor."""

from __future__ import annotations

import base64
import html
import re
import time
from dataclasses import dataclass
from uuid import UUID

import httpx
import pyotp
from fakes.twilio_api import PUBLIC
from journeys.channels import PATIENCE
from journeys.house import House
from journeys.identifiers import GULBAHOR
from journeys.operator import Operator
from journeys.pages import field_of
from journeys.system import until

REASON = "нужно передать номер приюту, она сама попросила об этом: шалфейница"
CONSENT = "да, я согласна, отдайте им мой номер, ромашковна"
NOTE = "со слов сестры, она звонила вчера вечером, васильковна"
REPLY = "Мы передали всё, о чём договорились: лавандовна"
PASSWORD, WRONG = "gulbahor kuhi baland 77 tirezai", "parolam noto'g'ri 99 darvoza"


@dataclass
class Clerk:
    """Somebody at the console with a browser: pages, forms, cookies."""

    http: httpx.Client

    def sends(self, page: str, to: str = "", **fields: str | list[str]) -> str:
        """Open a page and send its form; the answer."""
        seen = self.http.get(page)
        csrf = field_of(seen.text, r'name="csrf" value="([^"]+)"')
        answer = self.http.post(to or page, data={"csrf": csrf, **fields})
        return html.unescape(answer.text)


def takes_up_the_console(house: House) -> None:
    """An administrator: invitation, second factor, recovery codes, a wrong sign-in and a right one, a token, a webhook."""
    link = next(word for word in house.order("invite-administrator").split() if "/invitation/" in word)
    path = link.removeprefix(house.system.console_url)
    del house.told[list(house.told)[-1]]  # the link is told to whoever ordered it, and to nobody else
    with httpx.Client(base_url=house.system.console_url, headers={"origin": house.system.console_url}, timeout=60) as http:
        _signs_up(house, Clerk(http), path)


def _signs_up(house: House, clerk: Clerk, path: str) -> None:
    secret = field_of(clerk.http.get(path).text, r'class="secret">([^<]+)<').replace(" ", "")
    chosen = {"login": "rohbar", "password": PASSWORD, "repeated": PASSWORD}
    page = clerk.sends(path, **chosen, code=pyotp.TOTP(secret).now())
    codes = re.findall(r"<li><code>([^<]+)</code></li>", page)
    assert len(codes) == 10
    for name, words in {
        "link": path.rsplit("/", 1)[1],
        "password": PASSWORD,
        "wrong password": WRONG,
        "second factor": secret,
    }.items():
        house.hides(f"console: {name}", words, exact=True)
    house.hides("console: second factor, its bytes", base64.b32decode(secret))
    for number, code in enumerate(codes):
        house.hides(f"console: recovery code {number}", code, exact=True)
    clerk.sends("/sign-in", login="rohbar", password=WRONG, code="000000", next="/")
    time.sleep(1.1)  # the throttle's first pause
    clerk.sends("/sign-in", login="rohbar", password=PASSWORD, code=codes[0], next="/")
    for name, value in clerk.http.cookies.items():
        house.hides(f"console: the cookie {name}", value, exact=True)
    scopes = ["tickets:read", "figures:read"]
    page = clerk.sends("/api-access", "/api-access/tokens", name="Kadam", days="90", scopes=scopes)
    token = field_of(page, r'id="shown-text"[^>]*value="(komek_[^"]+)"')
    house.hides("console: a case system's token", token, exact=True)
    events = ["ticket.opened", "ticket.taken", "ticket.closed", "ticket.returned", "ticket.reopened"]
    page = clerk.sends("/api-access", "/api-access/webhooks", url=f"{house.cases_url}/tickets", events=events)
    house.hides("console: a webhook's secret", field_of(page, r'id="shown-text"[^>]*value="([^"]+)"'), exact=True)
    house.system.env["CASE_TOKEN"] = token


def operators_work(house: House, conversation: UUID) -> None:
    """Claim, note, reply, two reveals and a referral whose link is read, all of Gulbahor's."""
    anora = Operator(house.system)
    house.hides("console: an operator's session", anora.token, exact=True)
    anora.does(conversation, "claim")
    anora.does(conversation, "note", text=NOTE)
    assert GULBAHOR.planted["surname"] not in anora.reads(f"/conversations/{conversation}")
    heard = len(house.heard(GULBAHOR))
    assert anora.sends(f"/conversations/{conversation}/reply", text=REPLY, confirmed=REPLY).status_code == 303
    wishes = [_opened(house, anora, conversation, what) for what in ("PHONE_1", "address")]
    shown = [html.unescape(anora.sends(f"/reveals/{wish}/show", conversation=str(conversation)).text) for wish in wishes]
    assert GULBAHOR.planted["number"] in shown[0]
    assert GULBAHOR.address in shown[1]
    until(lambda: len(house.heard(GULBAHOR)) > heard, PATIENCE, "the operator's answer")
    link = _referred(house, anora, conversation, wishes[0])
    path = link.removeprefix(PUBLIC)
    house.hides("Gulbahor: the referral's link", path.rsplit("/", 1)[1], exact=True)
    assert GULBAHOR.planted["number"] not in httpx.get(house.system.web_url + path).text
    letter = httpx.post(house.system.web_url + path).text
    assert GULBAHOR.planted["number"] in html.unescape(letter)
    house.hides("Gulbahor: the referral's answer", field_of(letter, r'name="proof" value="([^"]+)"'), exact=True)
    _referred(house, anora, conversation, wishes[0])  # one that nobody reads: its packet stays
    for name, words in {"reason": REASON, "consent": CONSENT, "note": NOTE, "reply": REPLY}.items():
        house.hides(f"Gulbahor: {name}", words.rsplit(" ", 1)[1])
    api = {"authorization": f"Bearer {house.system.env['CASE_TOKEN']}"}
    told = httpx.get(f"{house.system.console_url}/api/v1/tickets", headers=api, timeout=10)
    assert told.status_code == 200, told.text
    house.told["the other case system's list"] = told.content


def _opened(house: House, operator: Operator, conversation: UUID, what: str) -> UUID:
    assert operator.post(f"/conversations/{conversation}/reveals", what=what, reason=REASON) == 303
    query = "SELECT id FROM reveals WHERE what = %s AND state = 'opened'"
    until(lambda: house.system.ask(query, what), PATIENCE, f"{what} is opened; {house.system.tail()}")
    wish: UUID = house.system.ask(query, what)[0][0]
    return wish


def _referred(house: House, operator: Operator, conversation: UUID, wish: UUID) -> str:
    form = operator.reads(f"/conversations/{conversation}/refer")
    given: dict[str, str | list[str]] = {
        "organisation": field_of(form, r'name="organisation" value="([^"]+)"'),
        "needs": ["shelter"] if 'name="needs" value="shelter"' in form else [field_of(form, r'name="needs" value="([^"]+)"')],
        "give": ["language"],
        "values": [str(wish)],
        "line": "typed",
        "consent": CONSENT,
        "told": "yes",
    }
    page = operator.sends(f"/conversations/{conversation}/refer", **given).text
    return field_of(page, r'id="link-text"[^>]*value="([^"]+)"')

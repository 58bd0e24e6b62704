"""What happens in the canary test: everything that Komek does with people, and everything that goes wrong around it."""

from __future__ import annotations

import base64
import html
import json
import re
import time
from dataclasses import dataclass
from uuid import UUID

import httpx
import pyotp
from fakes.faults import Fault
from fakes.twilio_api import PUBLIC
from journeys.house import PATIENCE, House, field_of
from journeys.identifiers import AIZHARKYN, EVERYBODY, GULBAHOR, MAHLIYO, NIGORAXON, ZULXUMOR
from journeys.operator import Operator
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


def everybody_writes(house: House) -> dict[str, UUID]:
    """All four, by all three channels; a request for a human, agreed words, a cry for help. Their conversations by name."""
    found = {}
    for who in EVERYBODY:
        for text in who.texts[: 4 if who is GULBAHOR else 2]:
            house.writes(who, text)
        found[who.name] = newest(house)
    house.is_quiet()
    assert not [who.name for who in EVERYBODY if not house.heard(who)]
    opened, _ = house.asks(GULBAHOR, "хочу поговорить с живым человеком", 2)
    code = field_of(opened, r"(\d\d-\d{4})")
    house.hides("Gulbahor: number of the request", code, bounded=True)
    house.asks(GULBAHOR, "здесь")
    _, told = house.asks(GULBAHOR, "в любое время", 2)
    known, alarm, _ = re.findall(r"«(\w+)»", told)
    house.hides("Gulbahor: the agreed word", known)
    house.hides("Gulbahor: the word of alarm", alarm)
    house.asks(GULBAHOR, f"меня бьют помогите, звоните {GULBAHOR.planted['number']}")
    return found


def newest(house: House) -> UUID:
    """The conversation in which was written last."""
    one: UUID = house.system.ask("SELECT conversation_id FROM inbox ORDER BY received_at DESC LIMIT 1")[0][0]
    return one


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


def strangers_knock(house: House) -> None:
    """Malformed, too long, badly signed, in the wrong place: each with things of Gulbahor's in it."""
    said, number = " ".join(GULBAHOR.texts), GULBAHOR.planted["number"]
    update = house.update(GULBAHOR, said)
    wrong = {"X-Telegram-Bot-Api-Secret-Token": "wrong"}
    right = {"X-Telegram-Bot-Api-Secret-Token": house.system.env["TELEGRAM_WEBHOOK_SECRET"]}
    statuses = [
        house.calls("POST", "/telegram", json=update, headers=wrong),
        house.calls("POST", "/telegram", content=json.dumps(update)[:-9].encode(), headers=right),
        house.calls("POST", "/telegram", content=said.encode("utf-16"), headers=right),
        house.calls("POST", "/telegram", content=(said * 200).encode(), headers=right),
        house.calls("POST", f"/telegram/{number}", content=said.encode()),
        house.calls("GET", "/r/" + GULBAHOR.planted["handle"].ljust(43, "x"), headers={"user-agent": said.encode()}),
        house.by_twilio(ZULXUMOR.address, ZULXUMOR.texts[1], token="wrong"),
        house.by_kannel(AIZHARKYN.address, AIZHARKYN.texts[1], secret="wrong"),
        house.calls("POST", "/sms/twilio", content=said.encode(), headers={"x-twilio-signature": number}),
        house.calls("GET", "/sms/kannel", params={"from": number, "text": said}),
    ]
    assert not [s for s in statuses if s == 0 or s >= 500], statuses
    for broken in ({"text": {"of": said}}, {"entities": said, "text": [number]}, {"contact": number, "photo": said}):
        strange = house.update(GULBAHOR, said)
        strange["message"] |= {"date": said, "forward_origin": [number], **broken}
        assert house.posts(strange) == 200
    console, rasa, actions = house.system.console_url, house.system.rasa_url, house.system.env["KOMEK_ACTIONS_URL"]
    house.calls("GET", f"/conversations/{number}?q={GULBAHOR.planted['mail']}", console)
    house.calls("POST", "/sign-in", console, data={"login": GULBAHOR.planted["mail"], "password": said})
    house.calls("GET", "/api/v1/tickets", console, headers={"authorization": f"Bearer {number}"})
    for content in (
        said.encode(),
        json.dumps({"sender": [said], "message": {"of": number}}).encode(),
        b'["%s"]' % number.encode(),
    ):
        house.calls("POST", "/webhooks/rest/webhook", rasa, content=content, headers={"content-type": "application/json"})
        house.calls("POST", "", actions, content=content, headers={"content-type": "application/json"})
    house.calls("POST", "", actions, json={"next_action": said, "sender_id": number, "tracker": {"sender_id": number}})


def providers_fail(house: House) -> None:
    """Refusals that repeat number, chat and words, broken connections and one that never answers in time."""
    chat, number = GULBAHOR.address, ZULXUMOR.address
    for status, words in ((400, f"Bad Request: chat {chat} of {GULBAHOR.planted['surname']} not found"), (500, f"oops {chat}")):
        house.telegram.refuse(status, words, "sendMessage")
    house.telegram.faults.add(Fault(0), "sendMessage")
    house.telegram.faults.add(Fault(200, f"<html>{chat} {GULBAHOR.texts[0]}".encode()), "sendMessage")
    for who in (GULBAHOR, MAHLIYO):
        house.writes(who, who.texts[0])
    message = json.dumps({"code": 21610, "message": f"Message cannot be sent to {number}: {ZULXUMOR.texts[0]}", "status": 400})
    for fault in (Fault(500, message.encode()), Fault(429, message.encode()), Fault(400, message.encode()), Fault(0)):
        house.twilio.faults.add(fault)
        house.writes(ZULXUMOR, ZULXUMOR.texts[0])
    for status, words in (
        (403, f"Authorization failed for {AIZHARKYN.address}"),
        (500, AIZHARKYN.texts[0]),
        (400, AIZHARKYN.address),
    ):
        house.kannel.refuse(status, words)
        house.writes(AIZHARKYN, AIZHARKYN.texts[0])
    house.is_read()


def processes_and_database_fail(house: House) -> None:
    """Killed in the middle of a step, database refusing rows, database killed, action server and assistant away."""
    with house.refusing("inbox"):
        update = house.update(GULBAHOR, GULBAHOR.texts[1])
        assert house.posts(update) == 503
    assert house.posts(update) == 200
    for table, who, text in (("outbox", ZULXUMOR, 1), ("placeholders", MAHLIYO, 2), ("transcript", AIZHARKYN, 1)):
        with house.refusing(table):
            house.writes(who, who.texts[text])
    with house.refusing("vault.identities"):
        assert house.posts(house.update(NIGORAXON, NIGORAXON.texts[0])) == 503
    with house.system.locked("inbox"):
        assert house.posts(house.update(MAHLIYO, MAHLIYO.texts[1]), timeout=0.7) == 0
        house.system.kill("web")
    house.system.start("web")
    house.system.ready("web")
    with house.system.locked("outbox"):
        house.writes(MAHLIYO, MAHLIYO.texts[1])
        until(house.system.blocked, PATIENCE, "the worker stands in the middle")
        house.system.kill("worker")
    house.kill_database()
    assert house.posts(house.update(GULBAHOR, GULBAHOR.texts[2])) in (0, 503)
    house.revive_database()
    house.system.start("worker")
    house.system.kill("actions")  # for good: what is asked of it becomes a ticket by the bridge alone
    house.writes(ZULXUMOR, f"operator kerak {ZULXUMOR.texts[1]}")
    house.is_read()


def the_assistant_dies(house: House) -> None:
    """For good, in the middle of a question."""
    house.system.freeze("rasa")
    house.writes(AIZHARKYN, AIZHARKYN.texts[0])
    until(lambda: house.system.ask("SELECT 1 FROM inbox WHERE status = 'waiting' AND attempts = 1"), PATIENCE, "the worker asks")
    house.system.kill("rasa")
    house.writes(AIZHARKYN, AIZHARKYN.texts[1])
    house.is_read()


def two_delete_their_data(house: House, found: dict[str, UUID]) -> None:
    """Gulbahor and Mahliyo, by their own word, from their own phones."""
    house.system.do("UPDATE conversations SET operator_id = NULL")
    house.system.do("UPDATE tickets SET state = 'closed', closed_at = now(), outcome = 'referred'")
    for who, yes in ((GULBAHOR, "да"), (MAHLIYO, "ҳа")):
        house.asks(who, "/delete")
        house.writes(who, yes)
        until(lambda w=who: not _known(house, found[w.name]), PATIENCE, f"{who.name} is forgotten; {house.system.tail()}")


def the_others_are_forgotten(house: House) -> None:
    """By time: three months pass."""
    house.is_quiet()
    house.system.do("UPDATE tickets SET state = 'closed', closed_at = now(), outcome = 'referred'")
    house.time_passes(days=90)
    assert not house.system.ask("SELECT 1 FROM vault.keys")


def _known(house: House, conversation: UUID) -> bool:
    return bool(house.system.ask("SELECT 1 FROM vault.keys WHERE conversation_id = %s", conversation))

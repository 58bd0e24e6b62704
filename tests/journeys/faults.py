"""What goes wrong around the canary test: strangers, providers, processes, the database, the assistant."""

from __future__ import annotations

import json

from fakes.faults import Fault
from journeys.channels import PATIENCE
from journeys.house import House
from journeys.identifiers import AIZHARKYN, GULBAHOR, MAHLIYO, NIGORAXON, ZULXUMOR
from journeys.system import until


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

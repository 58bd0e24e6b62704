"""Webhooks: what changes is told, signed, at least once and for a day; and nobody is called who must not be."""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import standardwebhooks
from fakes.server import serving
from fakes_bridge import ask
from partners.conftest import ADMINISTRATOR, INSIDE, opened, somebody
from partners.receiver import Receiver

from hotline_bridge.errors import PartnerRefused
from hotline_bridge.flow import notify as step
from hotline_bridge.flow import operate, partner_access
from hotline_bridge.flow.expire import expire
from hotline_bridge.flow.notify import Outlet, give_up, notify
from hotline_bridge.flow.stations import DeskStations, today
from hotline_bridge.partners import hooks
from hotline_bridge.retention import Limits
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import open_once, reopening
from hotline_bridge.tickets.changes import EVENTS

ANNA = uuid4()


async def listen(stations: DeskStations, receiver: Receiver, *events: str) -> str:
    """Register the receiver; its secret."""
    _, secret = await partner_access.add_webhook(stations, ADMINISTRATOR, receiver.url, events or EVENTS, private=True)
    return secret


def told(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(call.body) for call in receiver.heard]


async def deliveries(stations: DeskStations) -> list[tuple[str, int, str | None]]:
    rows = await ask(stations, "SELECT state, attempts, answer FROM webhook_deliveries ORDER BY made_at")
    return [tuple(row) for row in rows]  # type: ignore[misc]


async def later(stations: DeskStations, **by: float) -> None:
    """Time passes for what waits."""
    earlier = "made_at = made_at - cast(:by AS interval), not_before = not_before - cast(:by AS interval)"
    await ask(stations, f"UPDATE webhook_deliveries SET {earlier}", by=timedelta(**by))


async def test_a_ticket_is_told_from_its_opening_to_its_reopening(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver)
    conversation, public = await opened(stations, "danger_now", topics="[]")
    await operate.claim(stations, ANNA, conversation)
    await operate.give_back(stations, ANNA, conversation)
    await operate.claim(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, "referred")
    async with transaction(stations.store.engine) as connection:
        assert await reopening.reopen(connection, conversation, today(stations))
    while await notify(stations, INSIDE):
        pass
    found = sorted(told(receiver), key=lambda one: EVENTS.index(one["type"]))
    assert [one["type"] for one in found] == [
        "ticket.opened", "ticket.taken", "ticket.taken", "ticket.returned", "ticket.closed", "ticket.reopened",
    ]  # fmt: skip
    assert {one["data"]["id"] for one in found} == {str(public)}
    states = {one["type"]: (one["data"]["state"], one["data"]["outcome"]) for one in found}
    assert states["ticket.opened"] == ("open", None)
    assert states["ticket.taken"] == ("taken", None)
    assert states["ticket.closed"] == ("closed", "referred")
    assert states["ticket.reopened"] == ("open", None)


async def test_what_is_told_names_nobody_and_says_only_the_hour(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver)
    conversation, public = await opened(stations)
    (row,) = await ask(stations, "SELECT id FROM tickets")
    await notify(stations, INSIDE)
    (call,) = receiver.heard
    (body,) = told(receiver)
    hour = datetime.now(UTC).strftime("%Y-%m-%dT%H:00:00Z")
    assert body == {
        "type": "ticket.opened",
        "timestamp": hour,
        "data": {
            "id": str(public), "need": "talk_to_operator", "state": "open", "outcome": None, "language": "uz",
            "channel": "messenger", "region": "R-ALA", "topics": [], "reopened": 0, "opened_at": hour, "taken_at": None,
            "answered_at": None, "closed_at": None,
        },
    }  # fmt: skip
    for secret in (conversation, row.id):
        assert str(secret) not in f"{call.headers} {call.path} {call.query} {call.body!r}"
        assert secret.hex not in f"{call.headers} {call.path} {call.query} {call.body!r}"


async def test_a_receiver_proves_the_signature_with_the_public_library(stations: DeskStations, receiver: Receiver) -> None:
    secret = await listen(stations, receiver)
    await opened(stations)
    await notify(stations, INSIDE)
    (call,) = receiver.heard
    checker = standardwebhooks.Webhook(secret)
    assert checker.verify(call.body, call.headers)["type"] == "ticket.opened"
    for changed in (
        {"data": call.body.replace(b"open", b"gone"), "headers": call.headers},
        {"data": call.body, "headers": {**call.headers, "webhook-id": "msg_0"}},
        {"data": call.body, "headers": {**call.headers, "webhook-timestamp": str(int(call.headers["webhook-timestamp"]) + 1)}},
    ):
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            checker.verify(**changed)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(await listen(stations, receiver)).verify(call.body, call.headers)


async def test_a_repetition_has_the_same_id_a_new_time_and_is_signed_anew(stations: DeskStations, receiver: Receiver) -> None:
    secret = await listen(stations, receiver)
    receiver.answers = [500, 200]
    await opened(stations)
    assert await notify(stations, INSIDE) == 0
    assert await notify(stations, INSIDE) == 0  # not yet
    await later(stations, seconds=30)
    ahead = replace(stations, clock=lambda: datetime.now(UTC) + timedelta(seconds=60))
    assert await notify(ahead, INSIDE) == 1
    first, second = receiver.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] < second.headers["webhook-timestamp"]
    assert first.body == second.body
    for call in (first, second):
        standardwebhooks.Webhook(secret).verify(call.body, call.headers)
    assert await deliveries(stations) == [("sent", 2, "200")]
    assert await notify(stations, INSIDE) == 0


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503, 301, 307])
async def test_whatever_is_no_success_is_tried_again_with_growing_pauses(
    stations: DeskStations, receiver: Receiver, status: int
) -> None:
    await listen(stations, receiver)
    receiver.answers, receiver.location = [status] * 5, "https://elsewhere.example/"
    await opened(stations)
    pauses = []
    for _ in range(4):
        await notify(stations, INSIDE)
        (row,) = await ask(stations, "SELECT not_before - now() AS pause, answer FROM webhook_deliveries")
        assert row.answer == str(status)
        pauses.append(row.pause)
        await ask(stations, "UPDATE webhook_deliveries SET not_before = now()")
    assert pauses == sorted(pauses)
    assert timedelta(seconds=15) < pauses[0] < pauses[-1] < timedelta(hours=1)
    assert len(receiver.heard) == 4  # and no redirect was followed


async def test_what_nobody_takes_for_a_day_has_failed_and_can_be_sent_again(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver)
    receiver.answers = [500] * 3
    await opened(stations)
    await notify(stations, INSIDE)
    assert await give_up(stations) == 0
    await later(stations, hours=25)
    assert await give_up(stations) == 1
    assert await notify(stations, INSIDE) == 0
    (webhook,) = await partner_access.webhooks(stations)
    assert (webhook.failed, webhook.waiting, webhook.last) == (1, 0, "500")
    receiver.answers = []
    assert await partner_access.try_again(stations, webhook.id) == 1
    assert await notify(stations, INSIDE) == 1
    (webhook,) = await partner_access.webhooks(stations)
    assert (webhook.failed, webhook.last) == (0, "200")


async def test_the_pauses_of_a_day_are_ten_attempts_at_least() -> None:
    after, attempts = timedelta(), 0
    while after < hooks.GIVEN_UP_AFTER:
        after += hooks.PAUSES[min(attempts, len(hooks.PAUSES) - 1)]
        attempts += 1
    assert attempts >= 9


async def test_a_receiver_that_is_gone_is_called_no_more(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver)
    receiver.answers = [410]
    await opened(stations)
    await notify(stations, INSIDE)
    await opened(stations)
    await later(stations, hours=1)
    await notify(stations, INSIDE)
    assert len(receiver.heard) == 1
    (webhook,) = await partner_access.webhooks(stations)
    assert webhook.stopped_at is not None
    await partner_access.try_again(stations, webhook.id)
    assert await notify(stations, INSIDE) == 1


async def test_a_change_that_is_rolled_back_is_not_told(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver)
    conversation = await somebody(stations)

    async def killed() -> None:
        async with transaction(stations.store.engine) as connection:
            await open_once(connection, conversation=conversation, turn=None, need="danger_now")
            raise RuntimeError("the process was killed")

    with pytest.raises(RuntimeError):
        await killed()
    assert await deliveries(stations) == []
    assert await notify(stations, INSIDE) == 0
    assert receiver.heard == []


async def test_a_crash_between_the_taking_and_the_sending_is_made_good(
    stations: DeskStations, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await listen(stations, receiver)
    await opened(stations)

    async def killed(*_: Any) -> str:
        raise RuntimeError("the process was killed")

    monkeypatch.setattr(step, "_attempt", killed)
    with pytest.raises(RuntimeError):
        await notify(stations, INSIDE)
    monkeypatch.undo()
    assert await deliveries(stations) == [("waiting", 1, None)]
    assert await notify(stations, INSIDE) == 0
    await later(stations, seconds=30)
    assert await notify(stations, INSIDE) == 1
    assert len(receiver.heard) == 1


async def test_a_crash_between_the_sending_and_the_noting_sends_once_more_under_the_same_id(
    stations: DeskStations, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await listen(stations, receiver)
    await opened(stations)

    async def killed(*_: Any) -> None:
        raise RuntimeError("the process was killed")

    monkeypatch.setattr(hooks, "sent", killed)
    with pytest.raises(RuntimeError):
        await notify(stations, INSIDE)
    monkeypatch.undo()
    await later(stations, seconds=30)
    assert await notify(stations, INSIDE) == 1
    assert len({call.headers["webhook-id"] for call in receiver.heard}) == 1
    assert len(receiver.heard) == 2


async def test_two_workers_at_once_send_each_delivery_once(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver)
    for _ in range(8):
        await opened(stations)
    done = await asyncio.gather(*(notify(stations, INSIDE) for _ in range(4)))
    assert sum(done) == 8
    assert len({call.headers["webhook-id"] for call in receiver.heard}) == len(receiver.heard) == 8


async def test_a_receiver_that_never_answers_does_not_hold_up_another(
    stations: DeskStations, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "WITHIN", 0.5)
    await listen(stations, receiver)
    receiver.answers = [0]
    await opened(stations)
    assert await notify(stations, INSIDE) == 0
    assert await deliveries(stations) == [("waiting", 1, "timeout")]


async def test_nothing_inside_our_network_is_called(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver)
    await opened(stations)
    assert await notify(stations, Outlet()) == 0
    assert await deliveries(stations) == [("waiting", 1, "url")]  # http
    await ask(stations, "UPDATE webhooks SET url = replace(url, 'http://', 'https://')")
    await ask(stations, "UPDATE webhook_deliveries SET not_before = now()")
    assert await notify(stations, Outlet()) == 0
    assert await deliveries(stations) == [("waiting", 2, "private")]
    await ask(stations, "UPDATE webhooks SET url = 'https://localhost/'")
    await ask(stations, "UPDATE webhook_deliveries SET not_before = now()")
    assert await notify(stations, Outlet()) == 0
    assert await deliveries(stations) == [("waiting", 3, "private")]
    assert receiver.heard == []


async def test_nobody_is_there_and_no_such_host_are_named(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver)
    await opened(stations)
    for url in ("http://127.0.0.1:9/", "http://no-such-host.invalid/"):
        await ask(stations, "UPDATE webhooks SET url = :url", url=url)
        await ask(stations, "UPDATE webhook_deliveries SET not_before = now()")
        await notify(stations, INSIDE)
        ((_, _, answer),) = await deliveries(stations)
        assert answer == "unreachable"


async def test_only_what_was_asked_for_is_told(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver, "ticket.closed")
    conversation, _ = await opened(stations)
    await operate.claim(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, "informed")
    await notify(stations, INSIDE)
    assert [one["type"] for one in told(receiver)] == ["ticket.closed"]


async def test_a_test_ticket_and_a_second_cry_are_not_told(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver)
    conversation, _ = await opened(stations)
    async with transaction(stations.store.engine) as connection:
        await open_once(connection, conversation=conversation, turn=None, need="talk_to_operator")
    await operate.claim(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, "test")
    while await notify(stations, INSIDE):
        pass
    assert sorted(one["type"] for one in told(receiver)) == ["ticket.opened", "ticket.taken"]  # no order is promised


async def test_without_a_webhook_nothing_is_written_down(stations: DeskStations) -> None:
    await opened(stations)
    assert await deliveries(stations) == []


async def test_a_removed_webhook_takes_along_what_waited(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver)
    await opened(stations)
    (webhook,) = await partner_access.webhooks(stations)
    assert await partner_access.remove_webhook(stations, ADMINISTRATOR, webhook.id)
    assert not await partner_access.remove_webhook(stations, ADMINISTRATOR, webhook.id)
    assert await notify(stations, INSIDE) == 0


async def test_a_secret_is_kept_sealed(stations: DeskStations, receiver: Receiver) -> None:
    secret = await listen(stations, receiver)
    (row,) = await ask(stations, "SELECT * FROM webhooks")
    assert secret.removeprefix("whsec_") not in str(row)
    assert secret.removeprefix("whsec_").encode() not in row.sealed_secret


async def test_a_webhook_whose_secret_cannot_be_opened_holds_up_no_other(stations: DeskStations, receiver: Receiver) -> None:
    await listen(stations, receiver)
    await ask(stations, "UPDATE webhooks SET sealed_secret = 'of another installation'")
    await listen(stations, receiver)
    await opened(stations)
    assert await notify(stations, INSIDE) == 1
    assert sorted(answer for _, _, answer in await deliveries(stations) if answer) == ["200", "secret"]


async def test_there_is_an_end_to_webhooks(stations: DeskStations, receiver: Receiver) -> None:
    for _ in range(partner_access.MOST_WEBHOOKS):
        await listen(stations, receiver)
    with pytest.raises(PartnerRefused) as refused:
        await listen(stations, receiver)
    assert refused.value.reason == "many"


@pytest.mark.parametrize("state", ["sent", "failed"])
async def test_deliveries_that_are_over_go_after_the_days_of_their_setting(
    stations: DeskStations, receiver: Receiver, state: str
) -> None:
    await listen(stations, receiver)
    await opened(stations)
    await notify(stations, INSIDE)
    over = "UPDATE webhook_deliveries SET state = :state, done_at = now() - interval '40 days'"
    await ask(stations, over, state=state)
    await give_up(stations)
    await expire(stations, Limits(delivery=41))
    assert len(await deliveries(stations)) == 1
    await ask(stations, over, state=state)
    await expire(stations, Limits(delivery=39))
    assert await deliveries(stations) == []


def certificate(host: str, folder: Any) -> tuple[str, ssl.SSLContext]:
    """A certificate for `host` that nobody but the returned context trusts: its file, and the context."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "both.pem"
    file.write_bytes(private + pem)
    return str(file), ssl.create_default_context(cadata=pem.decode())


@pytest.mark.parametrize(
    ("certified", "trusted", "answer"),
    [("localhost", True, "200"), ("localhost", False, "certificate"), ("other.example", True, "certificate")],
)
async def test_the_receivers_certificate_must_be_the_one_of_its_name(
    stations: DeskStations, receiver: Receiver, tmp_path: Any, certified: str, trusted: bool, answer: str
) -> None:
    file, trust = certificate(certified, tmp_path)
    with serving(receiver, ssl_certfile=file) as url:
        await listen(stations, receiver)
        await ask(stations, "UPDATE webhooks SET url = :url", url=url.replace("http://127.0.0.1", "https://localhost"))
        await opened(stations)
        await notify(stations, Outlet(private=True, trust=trust if trusted else None))
        assert await deliveries(stations) == [("sent" if answer == "200" else "waiting", 1, answer)]
        if answer == "200":
            assert receiver.heard[0].headers["host"].startswith("localhost:")


async def test_the_forgotten_are_told_as_closed_and_are_then_no_ticket_any_more(
    stations: DeskStations, receiver: Receiver
) -> None:
    from hotline_bridge.flow import forget

    await listen(stations, receiver)
    conversation, public = await opened(stations)
    async with transaction(stations.store.engine) as connection:
        await forget.words(stations, connection, conversation)
    await notify(stations, INSIDE)
    found = {one["type"]: one["data"] for one in told(receiver)}
    assert (found["ticket.closed"]["id"], found["ticket.closed"]["outcome"]) == (str(public), "ended_by_person")

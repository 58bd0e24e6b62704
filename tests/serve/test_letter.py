"""The page behind a referral's link: read once, by a button, by nobody who guesses, and silent about what it is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from uuid import UUID, uuid4

import httpx
import pytest
from fakes_bridge import Clock, ask, made_desk, made_vault

from hotline_bridge import organisations, referrals
from hotline_bridge.flow import refer
from hotline_bridge.flow.refer import Draft
from hotline_bridge.flow.stations import DeskStations, Stations, Store
from hotline_bridge.serve import letter, webhooks
from hotline_bridge.serve.gate import Gate
from hotline_bridge.settings import PROJECT
from hotline_bridge.store import engine, roles

ANNA = uuid4()
SAYS_WHAT_THIS_IS = re.compile(r"(?i)komek|көмек|traffick|hotline|victim|торгов|жертв|горяч|help line|migrant|мигрант|\brefer")
NOTE = "Не получает зарплату <b>три</b> месяца"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def stations(store: Store, database: str, clock: Clock) -> AsyncIterator[Stations]:
    """What web has: no desk, no anonymiser, and the rights of its role alone."""
    its = engine.create(roles.as_role(database, "web"), size=2)
    yield Stations(replace(store, engine=its), made_vault(), {}, clock=clock)
    await its.dispose()


class NobodyNamed:
    """An anonymiser that finds nothing."""

    def spans(self, text: str) -> list[object]:
        return []


@pytest.fixture
async def token(store: Store, clock: Clock) -> str:
    """A link that was made just now."""
    conversation: UUID = uuid4()
    await ask(
        store,
        "INSERT INTO conversations (id, channel, language, region, operator_id) VALUES (:id, 'telegram', 'uz', 'R-TUR', :by)",
        id=conversation,
        by=ANNA,
    )
    nobody = NobodyNamed()
    desk = DeskStations(store, made_desk(), anonymiser=lambda: nobody, clock=clock)  # type: ignore[arg-type,return-value]
    give = frozenset({"needs", "language", "region", "age", "sex", "note"})
    row = organisations.load(PROJECT / "knowledge")["O-N1"]
    draft = Draft(row, "ҳа, майли", True, give, ("shelter", "pay"), "adult", "woman", NOTE)
    return (await refer.make(desk, ANNA, conversation, draft)).token


def client_of(stations: Stations) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(webhooks.app(stations)), base_url="http://web")


@pytest.fixture
async def client(stations: Stations) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(stations) as made:
        yield made


class Fields(HTMLParser):
    """Hidden fields and tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.hidden[str(given["name"])] = str(given["value"])


async def state(store: Store) -> str:
    found: str = (await ask(store, "SELECT state FROM referrals"))[0].state
    return found


async def test_looking_at_the_link_reads_nothing_and_tells_nothing(client: httpx.AsyncClient, store: Store, token: str) -> None:
    for method in ("GET", "HEAD", "GET"):
        answer = await client.request(method, f"/r/{token}")
        assert answer.status_code == 200
        assert not SAYS_WHAT_THIS_IS.search(answer.text)
        assert NOTE[:10] not in answer.text
    assert await state(store) == "sent"
    guess = await client.get(f"/r/{referrals.new_token()}")
    assert guess.text == (await client.get(f"/r/{token}")).text  # a guess looks the same


async def test_the_button_reads_it_once(client: httpx.AsyncClient, store: Store, token: str) -> None:
    page = (await client.post(f"/r/{token}")).text
    for said in ("a safe place to stay", "unpaid wages", "Uzbek", "Turkistan region", "adult", "woman", "&lt;b&gt;три&lt;/b&gt;"):
        assert said in page
    assert "<b>" not in page
    again = await client.post(f"/r/{token}")
    assert (again.status_code, "does not work any more" in again.text) == (410, True)
    assert "Uzbek" not in again.text
    assert await state(store) == "read"


@pytest.mark.parametrize(("answer", "becomes"), [("yes", "accepted"), ("no", "refused")])
async def test_the_reader_answers_once_with_what_they_got_and_not_with_the_link_alone(
    client: httpx.AsyncClient, store: Store, token: str, answer: str, becomes: str
) -> None:
    proof = Fields((await client.post(f"/r/{token}")).text).hidden["proof"]
    for wrong in ("", token, referrals.new_token()):
        refused = await client.post(f"/r/{token}", data={"answer": answer, "proof": wrong})
        assert refused.status_code == 410
    assert await state(store) == "read"
    done = await client.post(f"/r/{token}", data={"answer": answer, "proof": proof})
    assert (done.status_code, "Thank you" in done.text) == (200, True)
    assert await state(store) == becomes
    assert (await client.post(f"/r/{token}", data={"answer": "yes", "proof": proof})).status_code == 410


async def test_a_link_that_is_over_taken_back_or_guessed_looks_the_same(
    client: httpx.AsyncClient, store: Store, token: str, clock: Clock
) -> None:
    guessed = await client.post(f"/r/{referrals.new_token()}")
    await ask(store, "UPDATE referrals SET state = 'withdrawn', sealed_packet = NULL")
    withdrawn = await client.post(f"/r/{token}")
    await ask(store, "UPDATE referrals SET state = 'sent'")
    clock.advance(hours=72)
    over = await client.post(f"/r/{token}")
    assert {a.status_code for a in (guessed, withdrawn, over)} == {410}
    assert guessed.text == withdrawn.text == over.text


@pytest.mark.parametrize(
    "path",
    ["/r", "/r/", "/r/x", "/r/" + "x" * 42, "/r/" + "x" * 44, "/r/" + "x" * 42 + "!", "/r/" + "x" * 43 + "/", "/R/" + "x" * 43],
)
async def test_what_is_no_token_is_the_same_empty_404(client: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "POST"):
        answer = await client.request(method, path)
        assert (answer.status_code, answer.text) == (404, "")
    assert (await client.put("/r/" + "x" * 43)).status_code == 404


async def test_the_page_is_kept_nowhere_framed_nowhere_and_runs_nothing(client: httpx.AsyncClient, token: str) -> None:
    for answer in (await client.get(f"/r/{token}"), await client.post(f"/r/{token}"), await client.post(f"/r/{token}")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert not Fields(answer.text).tags & {"script", "img", "link", "iframe", "a"}
        assert "<title>A message</title>" in answer.text
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "language"),
    [("", "en"), ("ru-RU,ru;q=0.9,en;q=0.8", "ru"), ("de,kk;q=0.8,ru;q=0.1", "kk"), ("xx, ;;q=?,", "en"), ("fr", "en")],
)
async def test_the_page_speaks_the_browsers_language(client: httpx.AsyncClient, token: str, asked: str, language: str) -> None:
    answer = await client.get(f"/r/{token}", headers={"accept-language": asked})
    assert f'<html lang="{language}">' in answer.text


async def test_a_form_that_is_too_large_is_refused_unread(client: httpx.AsyncClient, store: Store, token: str) -> None:
    answer = await client.post(f"/r/{token}", content=b"x" * (letter.MAX_BODY + 1))
    assert (answer.status_code, answer.text) == (413, "")
    assert await state(store) == "sent"


async def test_who_asks_too_often_waits_and_others_do_not(client: httpx.AsyncClient, store: Store, token: str) -> None:
    answers = [(await client.post(f"/r/{referrals.new_token()}")).status_code for _ in range(letter.EACH)]
    assert set(answers) == {410}
    assert (await client.post(f"/r/{token}")).status_code == 429
    assert await state(store) == "sent"
    assert (await client.post("/telegram")).status_code == 404  # the other routes do not count with it


def test_the_gate_opens_again_after_a_minute_and_keeps_no_address() -> None:
    now = 0.0
    gate = Gate(letter.EACH, letter.ALL, lambda: now)
    assert [gate.lets_in("a") for _ in range(letter.EACH + 1)].count(False) == 1
    assert gate.lets_in("b")
    assert not all(gate.lets_in(str(n)) for n in range(letter.ALL))
    now = 60.0
    assert gate.lets_in("a")
    assert gate._by_address == {"a": 1}


async def test_when_the_store_fails_the_link_stays_good(
    store: Store, token: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(NOTE)

    with monkeypatch.context() as patched:
        patched.setattr("hotline_bridge.flow.take_up.jobs.defer", broken)
        async with client_of(Stations(store, made_vault(), {}, clock=clock)) as client:
            answer = await client.post(f"/r/{token}")
        assert answer.status_code == 503
        assert NOTE not in answer.text
    assert await state(store) == "sent"


async def test_the_token_reaches_no_log(client: httpx.AsyncClient, token: str, capsys: pytest.CaptureFixture[str]) -> None:
    await client.get(f"/r/{token}")
    await client.post(f"/r/{token}")
    await client.post(f"/r/{token}")
    said = capsys.readouterr()
    assert token not in said.out + said.err
    assert "referral read" in said.out


async def test_after_reading_there_is_nothing_left_to_steal(client: httpx.AsyncClient, store: Store, token: str) -> None:
    await client.post(f"/r/{token}")
    row = (await ask(store, "SELECT sealed_packet FROM referrals"))[0]
    assert row.sealed_packet is None

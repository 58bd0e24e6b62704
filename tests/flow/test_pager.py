"""pager: a chat becomes an operator's pager by the console's code, is answered as one, and ends; it is never a person's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from colleagues import Colleague
from fakes_bridge import Clock, ScriptedAssistant, ScriptedChannel, ask
from people import Person

from hotline_bridge import pagers
from hotline_bridge.accounts.people import Role
from hotline_bridge.errors import AccountRefused, Gone, NeverAgain
from hotline_bridge.flow import colleagues, operate, pager
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.expire import expire
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.sweep import forget_idle, sweep
from hotline_bridge.messages import Channel, Kind
from hotline_bridge.replies import catalogs
from hotline_bridge.replies.render import Renderer
from hotline_bridge.retention import Limits
from hotline_bridge.settings import PROJECT
from hotline_bridge.store.engine import transaction

IS = "This chat is your pager now."
REMOVED = "This chat is not a pager any more."
WRONG = "This code is not right, was used, or is older than 15 minutes."
LATER = "There were too many wrong codes."


@pytest.fixture
async def anna(stations: Stations) -> Colleague:
    return await Colleague.hired(stations, with_pager=False)


async def pager_of(stations: Stations, account: UUID) -> pagers.Pager | None:
    return await pager.of(stations, account)


def said(channel: ScriptedChannel, who: Person) -> list[str]:
    return [message.text for address, message in channel.sent if address == who.who]


async def tickets(stations: Stations) -> list[Any]:
    return await ask(stations, "SELECT need FROM tickets WHERE state <> 'closed'")


async def test_the_code_makes_the_chat_the_accounts_pager(anna: Colleague, stations: Stations, telegram: ScriptedChannel) -> None:
    conversation = await anna.takes_a_pager()
    found = await pager_of(stations, anna.account)
    assert found
    assert (found.conversation, found.channel, found.broken) == (conversation, Channel.TELEGRAM, False)
    assert said(telegram, anna.phone)[-1].startswith(IS)


async def test_a_pager_is_answered_in_the_language_of_its_owners_console(stations: Stations, telegram: ScriptedChannel) -> None:
    assert stations.renderer
    speaking = replace(stations, renderer=Renderer(stations.renderer.knowledge, catalogs.load(PROJECT / "locales")))
    for interface, word in (("en", "pager"), ("ru", "пейджер"), ("kk", "пейджеріңіз"), ("uz", "peyjeringiz"), ("tg", "пейҷери")):
        one = await Colleague.hired(speaking, interface=interface)
        assert word in said(telegram, one.phone)[-1]


@pytest.mark.parametrize("typed", ["PG-AAAA-BBBB", "pg aaaa bbbb"])
async def test_a_wrong_code_makes_no_pager_and_asks_no_assistant(
    person: Person, stations: Stations, assistant: ScriptedAssistant, telegram: ScriptedChannel, typed: str
) -> None:
    await person.asks(typed)
    assert telegram.texts[-1].startswith(WRONG)
    assert assistant.asked == []
    assert await ask(stations, "SELECT 1 FROM pagers") == []
    assert await tickets(stations) == []


async def test_a_code_works_once(anna: Colleague, person: Person, stations: Stations, telegram: ScriptedChannel) -> None:
    offered = await pager.offer(stations, anna.account)
    await anna.phone.asks(offered.code)
    await person.asks(offered.code)
    assert said(telegram, person)[-1].startswith(WRONG)
    found = await pager_of(stations, anna.account)
    assert found
    assert found.conversation == await anna.phone.conversation()


async def test_a_code_is_worthless_after_a_quarter_of_an_hour(
    anna: Colleague, stations: Stations, clock: Clock, telegram: ScriptedChannel
) -> None:
    offered = await pager.offer(stations, anna.account)
    clock.advance(minutes=15)
    await anna.phone.asks(offered.code)
    assert telegram.texts[-1].startswith(WRONG)
    assert await pager_of(stations, anna.account) is None


async def test_a_new_code_makes_the_one_before_it_worthless(
    anna: Colleague, stations: Stations, telegram: ScriptedChannel
) -> None:
    first, second = await pager.offer(stations, anna.account), await pager.offer(stations, anna.account)
    await anna.phone.asks(first.code)
    assert telegram.texts[-1].startswith(WRONG)
    await anna.phone.asks(second.code)
    assert telegram.texts[-1].startswith(IS)


async def test_who_guesses_is_slowed_down_and_a_right_code_must_wait_too(
    anna: Colleague, stations: Stations, clock: Clock, telegram: ScriptedChannel
) -> None:
    offered = await pager.offer(stations, anna.account)
    for _ in range(pager.FREE_GUESSES):
        await anna.phone.asks("PG-AAAA-BBBB")
        assert telegram.texts[-1].startswith(WRONG)
    await anna.phone.asks(offered.code)
    assert telegram.texts[-1].startswith(LATER)
    clock.advance(seconds=3)
    await anna.phone.asks(offered.code)
    assert telegram.texts[-1].startswith(IS)


async def test_no_table_holds_a_code(anna: Colleague, stations: Stations) -> None:
    offered = await pager.offer(stations, anna.account)
    rows = await ask(stations, "SELECT code_hash FROM pager_codes")
    assert len(rows) == 1
    assert offered.code.encode() not in rows[0].code_hash
    await anna.phone.asks(offered.code)
    assert await ask(stations, "SELECT 1 FROM inbox WHERE sealed_text IS NOT NULL") == []
    assert await ask(stations, "SELECT 1 FROM transcript") == []


async def test_what_is_written_to_a_pager_is_answered_by_itself_alone(
    anna: Colleague, stations: Stations, assistant: ScriptedAssistant, telegram: ScriptedChannel
) -> None:
    await anna.takes_a_pager()
    for words in ("что делать", "меня убивают", "оператор", "0", "помогите"):
        await anna.phone.asks(words)
        assert telegram.texts[-1].startswith("This chat is your pager. What you write here, nobody reads.")
    await anna.phone.asks("", kind=Kind.PHOTO)
    await anna.phone.asks("start", kind=Kind.COMMAND)
    assert telegram.texts[-2:] == [telegram.texts[-1]] * 2
    assert assistant.asked == []
    assert await tickets(stations) == []
    assert await ask(stations, "SELECT 1 FROM tallies") == []
    assert await ask(stations, "SELECT 1 FROM transcript") == []
    assert await ask(stations, "SELECT 1 FROM inbox WHERE sealed_text IS NOT NULL") == []
    assert (await sweep(stations)).unaccounted == 0


async def test_stop_ends_it_and_the_chat_is_a_persons_again(
    anna: Colleague, stations: Stations, telegram: ScriptedChannel
) -> None:
    await anna.takes_a_pager()
    await anna.phone.asks("стоп")
    assert telegram.texts[-1] == "This chat is not a pager any more. You are not called here."
    assert await pager_of(stations, anna.account) is None
    await anna.phone.asks("меня убивают")
    assert [row.need for row in await tickets(stations)] == ["danger_now"]


async def test_removed_in_the_console_the_chat_is_told(anna: Colleague, stations: Stations, telegram: ScriptedChannel) -> None:
    conversation = await anna.takes_a_pager()
    assert stations.renderer
    await pager.remove(stations, stations.renderer, anna.account)
    await deliver(stations, conversation)
    assert telegram.texts[-1].startswith("This chat is not a pager any more.")
    assert await pager_of(stations, anna.account) is None


async def test_another_chat_takes_over_and_the_one_before_is_told(
    anna: Colleague, stations: Stations, sms: ScriptedChannel, telegram: ScriptedChannel
) -> None:
    first = await anna.takes_a_pager()
    by_sms = Person(stations, "+77010000009", Channel.TWILIO)
    second = await by_sms.asks((await pager.offer(stations, anna.account)).code)
    await deliver(stations, first)
    found = await pager_of(stations, anna.account)
    assert found
    assert (found.conversation, found.channel) == (second, Channel.TWILIO)
    assert sms.texts[-1].startswith(IS)
    assert telegram.texts[-1].startswith("This chat is not a pager any more.")
    assert telegram.sent[-1][1].loud


async def test_a_chat_has_one_owner(anna: Colleague, stations: Stations) -> None:
    await anna.takes_a_pager()
    other = await Colleague.hired(stations, with_pager=False)
    other.phone = anna.phone
    await other.takes_a_pager()
    assert await pager_of(stations, anna.account) is None
    assert await pager_of(stations, other.account)


async def test_what_was_said_in_the_chat_before_is_gone_and_its_requests_end(anna: Colleague, stations: Stations) -> None:
    await anna.phone.asks("меня убивают")
    assert await tickets(stations)
    await anna.takes_a_pager()
    assert await tickets(stations) == []
    assert await ask(stations, "SELECT 1 FROM transcript") == []


async def test_a_pager_is_not_forgotten_for_idleness_and_its_old_pages_go(anna: Colleague, stations: Stations) -> None:
    await anna.takes_a_pager()
    await ask(stations, "UPDATE conversations SET last_seen_on = current_date - 400")
    await ask(stations, "UPDATE outbox SET created_at = now() - interval '3 days'")
    assert await forget_idle(stations, 30) == 0
    await expire(stations, Limits(delivery=3650))
    assert await pager_of(stations, anna.account)
    assert await ask(stations, "SELECT 1 FROM outbox") == []
    await anna.phone.asks("стоп")
    await ask(stations, "UPDATE conversations SET last_seen_on = current_date - 400")
    assert await forget_idle(stations, 30) == 1


async def test_delete_forgets_chat_and_address(anna: Colleague, stations: Stations, telegram: ScriptedChannel) -> None:
    await anna.takes_a_pager()
    await anna.phone.asks("delete", kind=Kind.COMMAND)
    assert telegram.texts[-1].startswith("This chat is not a pager any more.")
    assert await ask(stations, "SELECT 1 FROM pagers") == []
    assert await ask(stations, "SELECT 1 FROM vault.identities") == []


@pytest.mark.parametrize("fault", [Gone("blocked"), NeverAgain("bad")])
async def test_a_pager_that_cannot_be_reached_opens_no_ticket(
    anna: Colleague, stations: Stations, telegram: ScriptedChannel, fault: Any
) -> None:
    await anna.takes_a_pager()
    telegram.faults = [fault]
    await anna.phone.asks("что")
    assert await tickets(stations) == []
    found = await pager_of(stations, anna.account)
    assert found
    assert found.broken == isinstance(fault, Gone)


async def test_a_watched_phone_gets_no_word_about_codes(person: Person, stations: Stations, telegram: ScriptedChannel) -> None:
    await person.asks("не могу говорить")
    before = len(telegram.sent)
    await person.asks("PG-AAAA-BBBB")
    assert len(telegram.sent) == before


async def test_who_talks_with_an_operator_gets_no_word_about_codes(
    person: Person, anna: Colleague, stations: Stations, telegram: ScriptedChannel
) -> None:
    conversation = await person.asks("меня убивают")
    await operate.claim(stations, anna.account, conversation)
    before = len(telegram.sent)
    await person.asks("PG-AAAA-BBBB")
    assert len(telegram.sent) == before


async def test_who_is_deactivated_or_lost_their_telephone_has_no_pager_and_its_chat_is_told(
    stations: Stations, telegram: ScriptedChannel
) -> None:
    assert stations.renderer
    boss = await Colleague.hired(stations, "administrator", with_pager=False)
    for step in (colleagues.deactivate, colleagues.renew):
        one = await Colleague.hired(stations)
        offered = await pager.offer(stations, one.account)
        await step(stations, stations.renderer, one.account, boss.account)
        assert await pager_of(stations, one.account) is None
        await deliver(stations, await one.phone.conversation())
        assert said(telegram, one.phone)[-1].startswith(REMOVED)
        await one.phone.asks(offered.code)
        assert await pager_of(stations, one.account) is None


async def test_who_is_signed_out_or_gets_another_role_that_is_paged_is_called_as_before(
    stations: Stations, telegram: ScriptedChannel
) -> None:
    assert stations.renderer
    boss = await Colleague.hired(stations, "administrator", with_pager=False)
    one = await Colleague.hired(stations)
    await colleagues.end_sessions(stations, one.account, boss.account)
    await colleagues.change_role(stations, stations.renderer, one.account, Role.SUPERVISOR, boss.account)
    kept = await pager_of(stations, one.account)
    assert kept
    assert kept.role == "supervisor"
    await colleagues.change_role(stations, stations.renderer, one.account, Role.AUDITOR, boss.account)
    assert await pager_of(stations, one.account) is None
    await deliver(stations, await one.phone.conversation())
    assert said(telegram, one.phone)[-1].startswith(REMOVED)


async def test_who_is_shut_out_is_out_even_when_the_pagers_chat_cannot_be_told(stations: Stations) -> None:
    assert stations.renderer
    boss = await Colleague.hired(stations, "administrator", with_pager=False)
    one = await Colleague.hired(stations)
    unread = await one.phone.conversation()
    await ask(stations, "DELETE FROM desk_keys WHERE conversation_id = :c", c=unread)
    await ask(stations, "INSERT INTO desk_keys VALUES (:c, 'x', 'another')", c=unread)
    await colleagues.deactivate(stations, stations.renderer, one.account, boss.account)
    assert await pager_of(stations, one.account) is None
    gone = await ask(stations, "SELECT 1 FROM console.accounts WHERE id = :id AND NOT active", id=one.account)
    assert len(gone) == 1


@pytest.mark.parametrize("step", ["deactivate", "renew", "auditor", "supervisor"])
async def test_whom_somebody_had_who_can_come_in_no_more_is_back_in_the_queue_at_once(
    stations: Stations, person: Person, step: str
) -> None:
    assert stations.renderer
    boss = await Colleague.hired(stations, "administrator", with_pager=False)
    one = await Colleague.hired(stations, with_pager=False)
    conversation = await person.asks("меня убивают")
    await operate.claim(stations, one.account, conversation)
    if step in ("auditor", "supervisor"):
        await colleagues.change_role(stations, stations.renderer, one.account, Role(step), boss.account)
    else:
        await getattr(colleagues, step)(stations, stations.renderer, one.account, boss.account)
    (row,) = await ask(stations, "SELECT operator_id, state FROM conversations c JOIN tickets t ON t.conversation_id = c.id")
    assert tuple(row) == ((one.account, "taken") if step == "supervisor" else (None, "open"))
    lost = await ask(stations, "SELECT actor, subject FROM audit WHERE action = 'lost'")
    assert [tuple(row) for row in lost] == ([] if step == "supervisor" else [(boss.account, conversation)])


async def test_an_auditor_and_nobody_get_no_code(stations: Stations) -> None:
    auditor = await Colleague.hired(stations, "auditor", with_pager=False)
    gone = await Colleague.hired(stations, with_pager=False)
    await ask(stations, "UPDATE console.accounts SET active = false WHERE id = :id", id=gone.account)
    for one in (auditor, gone):
        with pytest.raises(AccountRefused):
            await pager.offer(stations, one.account)


async def test_a_crash_before_the_answer_is_stored_leaves_the_code_good(
    anna: Colleague, stations: Stations, monkeypatch: pytest.MonkeyPatch, telegram: ScriptedChannel
) -> None:
    offered = await pager.offer(stations, anna.account)
    conversation = await anna.phone.writes(offered.code)

    async def crash(*_: Any) -> None:
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr("hotline_bridge.flow.conclude.reopen_if_needed", crash)
        with pytest.raises(RuntimeError):
            await answer(stations, conversation)
    assert await pager_of(stations, anna.account) is None
    async with transaction(stations.store.engine) as connection:
        assert await pagers.of_conversation(connection, conversation) is None
    await answer(stations, conversation)
    assert await pager_of(stations, anna.account)

"""What only shows after somebody has done something: each step leads a browser there (test_pages_behind_forms.py judges it)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pyotp
from console.cases import add_case
from console.chromium import Ready, look
from journeys.browser import Colleague
from selenium import webdriver

from hotline_bridge import reveals
from hotline_bridge.accounts.people import Role
from hotline_bridge.flow import invite, operate
from hotline_bridge.flow.session import whose
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.reveals import Reveal
from hotline_bridge.store.engine import transaction

PASSWORD = "gulbahor kuhi baland 7"
NUMBER = "+7 701 123 45 67"
TALK = "/conversations/{conversation}"

# A form of the test's own, sent as the page's forms are when no script runs: the whole answer is a page.
_POSTS = """
const [path, fields, token] = arguments;
const form = Object.assign(document.createElement("form"), {method: "post", action: path});
const all = token ? {csrf: document.querySelector("[name=csrf]").value, ...fields} : fields;
for (const [name, value] of Object.entries(all)) form.append(Object.assign(document.createElement("input"), {name, value}));
document.body.append(form);
form.submit();
"""


class Hand(Colleague):
    """Somebody at the console of a test, in one browser, in turn as each role.

    What they wait for after an act must not have stood there before: a step notices when nothing happened.
    """

    def __init__(self, page: webdriver.Chrome, ready: Ready) -> None:
        super().__init__(page, ready.url)
        self.ready = ready
        self.before = ""

    def opens(self, role: str | None, path: str) -> None:
        look(self.page, self.ready, role, path, dark=False, width=1280)
        self.before = ""

    def acts(self) -> None:
        """Keep what the page shows now."""
        self.before = self.one("body").text

    def press(self, text: str, within: str = "body") -> None:
        self.acts()
        super().press(text, within)

    def posts(self, path: str, *, token: bool = True, **fields: str) -> None:
        self.acts()
        self.page.execute_script(_POSTS, path, fields, token)

    def sees(self, words: str, seconds: float = 10) -> None:
        assert words not in self.before, f"{words} stood there already"
        super().sees(words, seconds)

    def opens_all(self, selector: str) -> None:
        """Unfold what can be unfolded, which there must be."""
        script = "const all = document.querySelectorAll(arguments[0]); for (const one of all) one.open = true; return all.length"
        assert self.page.execute_script(script, selector)


def an_account_is_made(hand: Hand) -> None:
    token = hand.ready.meanwhile(lambda desk: invite.invite(desk, "Dilyara", Role.OPERATOR, ("kk",), None))
    hand.opens(None, f"/invitation/{token}")
    secret = hand.one("code.secret").text.replace(" ", "")
    hand.fill(login=f"dilyara-{uuid4().hex[:6]}", password=PASSWORD, repeated=PASSWORD, code=pyotp.TOTP(secret).now())
    hand.press("Continue")
    hand.sees("Your account is ready.")


def an_invitation_is_filled_in_wrongly(hand: Hand) -> None:
    hand.opens(None, "/invitation/{token}")
    hand.fill(login="dilyara", password=PASSWORD, repeated="another", code="123456")
    hand.press("Continue")
    hand.sees("The two passwords")


def a_sign_in_is_refused(hand: Hand) -> None:
    hand.opens(None, "/sign-in")
    hand.fill(login="nobody-of-ours", password="wrong", code="000000")
    hand.press("Sign in", "main")
    hand.sees("Login, password or code")


def somebody_is_invited(hand: Hand) -> None:
    hand.opens("administrator", "/people")
    hand.fill(name="Timur")
    hand.press("Make the link")
    hand.sees("The link for Timur")
    hand.opens_all("details")


def a_token_is_made(hand: Hand) -> None:
    hand.opens("administrator", "/api-access")
    hand.fill(name="Case system")
    hand.one("[name=scopes]").click()
    hand.press("Make the token")
    hand.sees("It is not shown again.")


def the_trail_is_verified(hand: Hand) -> None:
    hand.opens("auditor", "/audit")
    hand.press("Verify now")
    hand.sees("The trail is intact.")


def a_pager_is_made(hand: Hand) -> None:
    hand.opens("operator", "/account")
    hand.press("Make a code")
    hand.sees("Write this code to the number or chat")


def a_shift_is_planned_wrongly(hand: Hand) -> None:
    hand.opens("supervisor", "/shifts")
    hand.posts("/shifts", kind="there", starts="08:00", ends="16:00")
    hand.sees("Choose somebody who answers people and whose account is active.")


def the_menu_and_the_filter_are_open(hand: Hand) -> None:
    hand.opens("operator", "/queue?language=all&tab=all")
    hand.opens_all("details")
    hand.page.execute_script("document.querySelector('.menu-button').click()")
    assert hand.one(".menu-button").get_attribute("aria-expanded") == "true"


def the_keys_are_shown(hand: Hand) -> None:
    hand.opens("operator", "/queue?language=all&tab=all")
    hand.acts()
    hand.one("#keys-open").click()
    hand.sees("next and previous row")


def somebody_is_asked_whether_they_are_there(hand: Hand) -> None:
    hand.opens("operator", "/queue?language=all&tab=all")
    hand.acts()
    hand.page.execute_script("document.getElementById('ending').showModal()")
    hand.sees("Are you still there?")


def all_of_a_conversation_is_unfolded(hand: Hand) -> None:
    hand.opens("operator", TALK)
    hand.acts()
    hand.opens_all("details")
    hand.sees("The sentence goes to those who teach the assistant")


def an_answer_is_looked_through(hand: Hand) -> None:
    hand.opens("operator", TALK)
    hand.acts()
    hand.one("#reply").send_keys(f"Мы читаем всё, что вы пишете, звоните {NUMBER}")
    hand.sees("This looks like Russian", 20)
    hand.press("Send", "#reply-form")
    hand.sees("Nothing was sent yet")


def a_note_names_somebody(hand: Hand) -> None:
    hand.opens("operator", TALK)
    hand.one("#note").send_keys(f"рақамаш {NUMBER}")
    hand.press("Save the note")
    hand.sees("Remove the number or the address")


def a_value_is_shown(hand: Hand) -> None:
    hand.ready.meanwhile(lambda desk: _opened(desk, hand.ready))
    hand.opens("operator", TALK)
    hand.press("Show for a minute")
    hand.sees("It hides itself after a minute")


def a_value_is_shown_without_script(hand: Hand) -> None:
    wish = hand.ready.meanwhile(lambda desk: _opened(desk, hand.ready))
    hand.opens("operator", TALK)
    hand.posts(f"/reveals/{wish}/show", conversation=str(hand.ready.conversation))
    hand.sees("This look was written down.")


def reveals_are_looked_over(hand: Hand) -> None:
    hand.ready.meanwhile(lambda desk: _opened(desk, hand.ready, state="asked"))
    hand.ready.meanwhile(lambda desk: _opened(desk, hand.ready))
    hand.opens("supervisor", "/reveals")
    hand.sees("The ambulance needs the number")
    hand.opens_all("details")


def a_referral_lacks_consent(hand: Hand) -> None:
    hand.opens("operator", f"{TALK}/refer")
    _chooses(hand)
    hand.page.execute_script("for (const one of document.querySelectorAll(':required')) one.required = false")
    hand.press("Make the link")
    hand.sees("Without the person's own words nothing is given.")


def a_referral_is_made(hand: Hand) -> None:
    hand.opens("operator", f"{TALK}/refer")
    _chooses(hand)
    hand.page.execute_script("for (const name of ['line', 'told']) document.querySelector(`[name=${name}]`).click()")
    hand.press("Make the link")
    hand.sees("It is shown this once.")


def a_referral_is_under_way(hand: Hand) -> None:
    a_referral_is_made(hand)
    hand.opens("operator", "/referrals")
    hand.opens_all("details")
    hand.sees("works until")


def a_colleague_was_first(hand: Hand) -> None:
    hand.opens("supervisor", TALK)
    hand.posts(f"/conversations/{hand.ready.conversation}/claim")
    hand.sees("Taken by a colleague")


def a_step_is_refused(hand: Hand) -> None:
    hand.opens("supervisor", TALK)
    hand.posts(f"/conversations/{hand.ready.conversation}/give-back")
    hand.sees("Take this conversation first")


def a_form_comes_without_its_token(hand: Hand) -> None:
    hand.opens("operator", TALK)
    hand.posts(f"/conversations/{hand.ready.conversation}/note", token=False, text="a note")
    hand.sees("This form is not valid any more")


def a_page_is_not_for_this_role(hand: Hand) -> None:
    hand.opens("auditor", "/queue")
    hand.sees("This is not open to you")


def a_conversation_is_closed(hand: Hand) -> None:
    conversation = hand.ready.meanwhile(lambda desk: _closed(desk, hand.ready))
    hand.opens("operator", f"/conversations/{conversation}")
    hand.sees("Closed conversation")


STEPS: list[Callable[[Hand], None]] = [
    an_account_is_made,
    an_invitation_is_filled_in_wrongly,
    a_sign_in_is_refused,
    somebody_is_invited,
    a_token_is_made,
    the_trail_is_verified,
    a_pager_is_made,
    a_shift_is_planned_wrongly,
    the_menu_and_the_filter_are_open,
    the_keys_are_shown,
    somebody_is_asked_whether_they_are_there,
    all_of_a_conversation_is_unfolded,
    an_answer_is_looked_through,
    a_note_names_somebody,
    a_value_is_shown,
    a_value_is_shown_without_script,
    reveals_are_looked_over,
    a_referral_lacks_consent,
    a_referral_is_made,
    a_referral_is_under_way,
    a_colleague_was_first,
    a_step_is_refused,
    a_form_comes_without_its_token,
    a_page_is_not_for_this_role,
    a_conversation_is_closed,
]


def _chooses(hand: Hand) -> None:
    """An organisation, and one thing that the person needs."""
    hand.sees("4. The person's consent")
    script = (
        "for (const name of ['organisation', 'needs']) document.querySelector(`form[method=post].stack [name=${name}]`).click()"
    )
    hand.page.execute_script(script)


async def _opened(desk: DeskStations, ready: Ready, state: str = "opened") -> UUID:
    """A wish of the operator, as the worker leaves it after opening; the value is a number."""
    session = await whose(desk, ready.sessions["operator"], counts=False)
    assert session
    now, wish = desk.clock(), uuid4()
    later = now + timedelta(minutes=10)
    one = Reveal(
        wish, ready.conversation, "PHONE_1", state, state == "opened", session.account.id, now,
        None, now, later, now, later, 0, None,
    )  # fmt: skip
    async with transaction(desk.store.engine) as connection:
        key = await desk.desk.find_or_make(connection, ready.conversation)
        await reveals.add(connection, one, key, "The ambulance needs the number")
        if state == "opened":
            await reveals.change(connection, wish, state, sealed_value=key.seal(f"value:{wish}", NUMBER))
    return wish


async def _closed(desk: DeskStations, ready: Ready) -> UUID:
    session = await whose(desk, ready.sessions["operator"], counts=False)
    assert session
    conversation = await add_case(desk)
    await operate.claim(desk, session.account.id, conversation)
    await operate.close(desk, session.account.id, conversation, "referred")
    return conversation

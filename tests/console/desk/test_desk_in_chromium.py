"""The desk in Debian's Chromium: by keyboard alone, live, and nothing that somebody types is ever lost."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from console.cases import add_case, add_line
from console.chromium import Ready, complaints, look
from journeys.system import until
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from hotline_bridge.flow import operate
from hotline_bridge.flow.session import whose
from hotline_bridge.flow.stations import DeskStations

ROWS = "[data-row] a.open"
KEPT = "return sessionStorage.getItem(Object.keys(sessionStorage).find((name) => name.startsWith('komek-draft:'))) || ''"

# What a page asks for, noted when it asks: the browser's own list has what was answered, and the first check takes seconds.
ASKED = """
window.asked = [];
const open = XMLHttpRequest.prototype.open;
XMLHttpRequest.prototype.open = function (method, address, ...rest) {
  window.asked.push(address);
  return open.call(this, method, address, ...rest);
};
"""
CHECKED = "return window.asked.some((address) => address.endsWith('/check'))"


async def hand_over(stations: DeskStations, ready: Ready, before: str, after: str) -> None:
    """Whom the one role has, the other has."""
    one, other = [await whose(stations, ready.sessions[role], counts=False) for role in (before, after)]
    assert one
    assert other
    await operate.hand_over(stations, one.account.id, ready.conversation, other.account.id)


@pytest.fixture
def desk(chromium: webdriver.Chrome, ready: Ready) -> Iterator[webdriver.Chrome]:
    """The operator's queue, all of it."""
    look(chromium, ready, "operator", "/queue?language=all&tab=all", dark=False, width=1280)
    chromium.execute_script("localStorage.clear(); sessionStorage.clear()")
    yield chromium
    for extra in chromium.window_handles[1:]:
        chromium.switch_to.window(extra)
        chromium.close()
    chromium.switch_to.window(chromium.window_handles[0])


def one(page: webdriver.Chrome, selector: str) -> WebElement:
    return page.find_element(By.CSS_SELECTOR, selector)


def says(page: webdriver.Chrome, selector: str, words: str) -> bool:
    """Whether it shows `words`, read in one go: an element in hand may be exchanged meanwhile."""
    script = "const found = document.querySelector(arguments[0]); return Boolean(found && found.innerText.includes(arguments[1]))"
    return bool(page.execute_script(script, selector, words))


def rows(page: webdriver.Chrome) -> int:
    return len(page.find_elements(By.CSS_SELECTOR, ROWS))


def press(page: webdriver.Chrome, *keys: str) -> None:
    for key in keys:
        ActionChains(page).send_keys(key).perform()


def at(page: webdriver.Chrome) -> int:
    """Which row has the focus."""
    script = f"return [...document.querySelectorAll('{ROWS}')].indexOf(document.activeElement)"
    return int(page.execute_script(script))


def is_settled(page: webdriver.Chrome) -> bool:
    """Whether htmx has taken what it brought into its hands: 20 ms after it shows, sooner than anybody presses a key."""
    return not page.execute_script("return document.querySelector('.htmx-request, .htmx-added, .htmx-settling')")


def active(page: webdriver.Chrome) -> str:
    return str(page.execute_script("return document.activeElement.id"))


def fetches(page: webdriver.Chrome) -> int:
    """How often all rows were fetched since the page was opened."""
    script = "return performance.getEntriesByType('resource').filter((one) => one.name.includes('/queue/rows')).length"
    return int(page.execute_script(script))


def test_a_new_ticket_appears_without_reloading_and_the_row_in_hand_stays_in_hand(desk: webdriver.Chrome, ready: Ready) -> None:
    before = rows(desk)
    press(desk, "j")
    held = active(desk)
    assert held.startswith("row-")
    desk.execute_script("window.before = true")
    ready.meanwhile(add_case)
    until(lambda: rows(desk) == before + 1, 5, "the row")
    assert active(desk) == held
    assert desk.execute_script("return window.before")
    assert fetches(desk) == 0
    desk.execute_script("htmx.trigger('#rows', 'refresh')")  # what was exchanged row by row is what the whole would be
    shown = "return [...document.querySelectorAll('[data-row]')].map((one) => [one.dataset.row, one.cells.length])"
    by_row = desk.execute_script(shown)
    until(lambda: fetches(desk) == 1, 5, "the whole")
    until(lambda: desk.execute_script(shown) == by_row, 2, "the whole is the same")
    assert complaints(desk) == []


def test_danger_is_said_on_the_page_and_is_a_link(desk: webdriver.Chrome, ready: Ready) -> None:
    ready.meanwhile(lambda stations: add_case(stations, "medical_emergency"))
    until(lambda: desk.find_elements(By.CSS_SELECTOR, "#said a[href='/queue']"), 5, "the line")
    assert one(desk, "#said").text == "Something waits"


def test_the_keys_move_open_take_and_lead_to_the_answer(desk: webdriver.Chrome, ready: Ready) -> None:
    fresh = ready.meanwhile(add_case)
    until(lambda: desk.find_elements(By.ID, f"row-{fresh}"), 5, "the row")
    press(desk, "j", "j")
    assert at(desk) == 1
    press(desk, "k", Keys.ARROW_DOWN, Keys.ARROW_UP)
    assert at(desk) == 0
    for _ in range(rows(desk)):
        if active(desk) == f"row-{fresh}":
            break
        press(desk, "j")
    assert active(desk) == f"row-{fresh}"
    press(desk, "c")
    until(lambda: desk.current_url.endswith(f"/conversations/{fresh}"), 5, "the conversation")
    press(desk, "r")
    assert active(desk) == "reply"
    press(desk, "jckq")
    assert one(desk, "#reply").get_attribute("value") == "jckq"
    press(desk, Keys.ESCAPE)
    assert active(desk) != "reply"
    press(desk, "n")
    assert active(desk) == "note"
    press(desk, Keys.ESCAPE, "?")
    assert one(desk, "#keys").is_displayed()
    press(desk, Keys.ESCAPE)
    until(lambda: not one(desk, "#keys").is_displayed(), 5, "the list of keys is gone")
    press(desk, "q")
    until(lambda: desk.current_url.endswith("/queue"), 20, "the queue")


def test_a_key_is_known_by_its_place_under_a_cyrillic_layout_too(desk: webdriver.Chrome) -> None:
    for kind in ("keyDown", "keyUp"):
        desk.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": kind, "key": "о", "code": "KeyJ", "text": "о"})
    assert at(desk) == 0


def test_the_keys_can_be_switched_off(desk: webdriver.Chrome) -> None:
    one(desk, "#keys-open").click()
    one(desk, "#keys-on").click()
    press(desk, Keys.ESCAPE, "j")
    assert at(desk) == -1
    desk.refresh()
    press(desk, "j")
    assert at(desk) == -1


def test_what_somebody_types_outlives_every_refresh(desk: webdriver.Chrome, ready: Ready) -> None:
    desk.get(f"{ready.url}/conversations/{ready.conversation}")
    text = "Салом. Ман ин ҷо ҳастам"
    one(desk, "#reply").send_keys(text)
    one(desk, "#note").send_keys("ёддошт")
    desk.execute_script("document.querySelector('details.sure').open = true")
    for number in range(3):
        ready.meanwhile(lambda stations, n=number: add_line(stations, ready.conversation, f"паёми {n}"))  # type: ignore[misc]
        until(lambda n=number: says(desk, "#lines", f"паёми {n}"), 5, "the line")  # type: ignore[misc]
    assert one(desk, "#reply").get_attribute("value") == text
    assert one(desk, "#note").get_attribute("value") == "ёддошт"
    assert one(desk, "details.sure").get_attribute("open")
    assert one(desk, "#scroll").get_property("scrollTop") > 0 or one(desk, "#scroll").rect["height"] < 600
    assert complaints(desk) == []


def test_what_is_entered_under_a_misunderstood_line_stays_when_the_person_writes(desk: webdriver.Chrome, ready: Ready) -> None:
    look(desk, ready, "operator", "/conversations/{conversation}", dark=False, width=360)
    form = f"#misread-{ready.line}"
    one(desk, f"{form} summary").click()
    until(lambda: desk.find_elements(By.CSS_SELECTOR, f"{form} textarea"))
    one(desk, f"{form} textarea").send_keys("ҳа, розӣ")
    ready.meanwhile(lambda stations: add_line(stations, ready.conversation, "боз як гап"))
    until(lambda: says(desk, "#lines", "боз як гап"))
    assert one(desk, f"{form} textarea").get_attribute("value") == "ҳа, розӣ"
    assert active(desk) == f"words-{ready.line}"
    assert complaints(desk) == []


def test_control_and_enter_send_twice_what_is_asked_about_and_leave_the_box_empty(desk: webdriver.Chrome, ready: Ready) -> None:
    desk.get(f"{ready.url}/conversations/{ready.conversation}")
    text = "Мы читаем всё, что вы пишете, и ответим здесь"
    one(desk, "#reply").send_keys(text)
    until(lambda: says(desk, "#findings", "This looks like Russian"), 20, "what is noticed")
    for said in ("Nothing was sent yet", "on its way"):
        ActionChains(desk).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
        until(lambda said=said: says(desk, "#findings", said) and is_settled(desk), 10, said)  # type: ignore[misc]
        assert active(desk) == "reply"
    assert one(desk, "#reply").get_attribute("value") == ""
    until(lambda: not desk.execute_script(KEPT), 5, "what was sent is not kept as if it was not")
    until(lambda: says(desk, "#lines", text), 5, "the line")


def test_a_ready_reply_is_put_where_the_cursor_is(desk: webdriver.Chrome, ready: Ready) -> None:
    desk.get(f"{ready.url}/conversations/{ready.conversation}")
    one(desk, "#reply").send_keys("Салом.")
    press(desk, Keys.ESCAPE, "t")
    until(lambda: one(desk, "[data-puts='ready_where']").is_displayed(), 2, "the list")
    one(desk, "[data-puts='ready_where']").click()
    said = one(desk, "#ready_where").text
    assert one(desk, "#reply").get_attribute("value") == f"Салом. {said}"
    assert active(desk) == "reply"


def test_what_was_typed_is_there_after_signing_in_again_and_for_nobody_else(desk: webdriver.Chrome, ready: Ready) -> None:
    path, text = "/conversations/{conversation}", "Салом. +7 701 123 45 67"
    look(desk, ready, "operator", path, dark=False, width=1280)
    one(desk, "#reply").send_keys(text)
    until(lambda: desk.execute_script(KEPT), 5, "it is kept")
    assert "Салом" not in desk.execute_script(KEPT)
    look(desk, ready, None, path, dark=False, width=1280)
    assert "/sign-in" in desk.current_url
    noted = desk.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": ASKED})
    look(desk, ready, "operator", path, dark=False, width=1280)
    desk.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", noted)
    until(lambda: one(desk, "#reply").get_attribute("value") == text, 5, "what was typed")
    assert "Look above whether it was sent already." in one(desk, "#said").text
    time.sleep(1)  # a check waits for 600 ms after the last letter
    assert not desk.execute_script(CHECKED), "nobody has done anything yet"
    one(desk, "#reply").send_keys("!")
    until(lambda: desk.execute_script(CHECKED), 5, "whoever types is looked over")
    ready.meanwhile(lambda stations: hand_over(stations, ready, "operator", "supervisor"))
    look(desk, ready, "supervisor", path, dark=False, width=1280)
    until(lambda: not desk.execute_script(KEPT), 5, "what is sealed for somebody else is dropped")
    assert one(desk, "#reply").get_attribute("value") == ""
    ready.meanwhile(lambda stations: hand_over(stations, ready, "supervisor", "operator"))
    assert complaints(desk) == []


def test_what_went_out_though_its_answer_was_lost_is_not_offered_again_and_what_was_refused_stays_kept(
    desk: webdriver.Chrome, ready: Ready
) -> None:
    path, text = "/conversations/{conversation}", "Салом. Ман ин ҷо"
    look(desk, ready, "operator", path, dark=False, width=1280)
    one(desk, "#reply").send_keys(text)
    until(lambda: desk.execute_script(KEPT), 5, "it is kept")
    refused = "const form = document.querySelector(\"form[action$='/close']\"); form.noValidate = true; form.requestSubmit()"
    desk.execute_script(refused)  # without an outcome
    until(lambda: desk.current_url.endswith("/close"), 5, "the refusal")
    look(desk, ready, "operator", path, dark=False, width=1280)
    until(lambda: one(desk, "#reply").get_attribute("value") == text, 5, "what was typed")
    ready.meanwhile(lambda stations: add_line(stations, ready.conversation, text, speaker="operator"))
    look(desk, ready, "operator", path, dark=False, width=1280)
    until(lambda: not desk.execute_script(KEPT), 5, "it stands above")
    assert one(desk, "#reply").get_attribute("value") == ""
    assert complaints(desk) == []


def test_signing_out_in_one_window_empties_the_fields_of_the_others(desk: webdriver.Chrome, ready: Ready) -> None:
    look(desk, ready, "operator", "/conversations/{conversation}", dark=False, width=1280)
    one(desk, "#reply").send_keys("Салом. +7 701 123 45 67")
    until(lambda: desk.execute_script(KEPT), 5, "it is kept")
    desk.switch_to.new_window("tab")
    desk.get(f"{ready.url}/account")
    held_up = "document.querySelector(\"form[action='/sign-out']\").addEventListener('submit', (e) => e.preventDefault())"
    desk.execute_script(held_up)  # the console is told nothing: the windows see to it themselves
    one(desk, "form[action='/sign-out'] button").click()
    desk.switch_to.window(desk.window_handles[0])
    until(lambda: one(desk, "#reply").get_attribute("value") == "", 5, "an empty field")
    assert desk.execute_script(KEPT) == ""


# Counts of what rings, in the place of what nobody hears here.
COUNTED = """
window.rung = { sounds: 0, notices: 0 };
const { start } = OscillatorNode.prototype;
OscillatorNode.prototype.start = function (when) { rung.sounds += 1; start.call(this, when); };
const permission = arguments[0];
window.Notification = class { static permission = permission; constructor() { rung.notices += 1; } close() {} };
"""


def rung(page: webdriver.Chrome) -> tuple[int, int]:
    """Tones and notices so far."""
    found = page.execute_script("return [rung.sounds, rung.notices]")
    return found[0], found[1]


def test_sound_and_notice_are_off_until_somebody_wants_them(desk: webdriver.Chrome) -> None:
    desk.execute_script(COUNTED, "granted")
    button = one(desk, "#alarm")
    assert (button.get_attribute("aria-pressed"), button.text) == ("false", "Sound and notice for danger: off")
    button.click()
    until(lambda: button.get_attribute("aria-pressed") == "true", 2, "on")
    until(lambda: button.text == "Sound and notice for danger: on", 2, "the sound")
    until(lambda: rung(desk)[0] > 0, 2, "how it sounds")
    desk.refresh()
    assert "touch the page once" in one(desk, "#alarm").text, "the browser lets nothing sound yet"
    desk.execute_script(COUNTED, "denied")
    one(desk, "#alarm").click()
    until(lambda: one(desk, "#alarm").text == "Sound for danger: on. The browser shows no notices", 2, "the sound alone")
    one(desk, "#alarm").click()
    until(lambda: one(desk, "#alarm").text == "Sound and notice for danger: off", 2, "off")
    assert complaints(desk) == []


@pytest.mark.parametrize("path", ["/queue", "/referrals", "/shifts"])
def test_danger_rings_on_whatever_page_is_open_and_only_where_it_is_wanted(
    desk: webdriver.Chrome, ready: Ready, path: str
) -> None:
    desk.get(ready.url + path)
    desk.execute_script(COUNTED, "granted")
    ready.meanwhile(lambda stations: add_case(stations, "danger_now"))
    until(lambda: desk.find_elements(By.CSS_SELECTOR, "#said a[href='/queue']"), 5, "the line")
    assert rung(desk) == (0, 0)
    one(desk, "#alarm").click()
    until(lambda: rung(desk)[0] == 3, 2, "how it sounds")
    ready.meanwhile(lambda stations: add_case(stations, "danger_now"))
    until(lambda: rung(desk) == (6, 1), 5, "the ring and the notice")


def test_many_windows_of_a_browser_share_one_stream_and_all_are_told(desk: webdriver.Chrome, ready: Ready) -> None:
    for _ in range(7):  # a browser opens six connections to a host
        desk.switch_to.new_window("tab")
        desk.get(f"{ready.url}/queue?language=all&tab=all")
    counted = {}
    for window in desk.window_handles:
        desk.switch_to.window(window)
        until(lambda: rows(desk) > 0, 5, "the rows")
        counted[window] = rows(desk)
    ready.meanwhile(add_case)
    for window, before in counted.items():
        desk.switch_to.window(window)
        until(lambda before=before: rows(desk) == before + 1, 10, "the row in every window")  # type: ignore[misc]


def test_when_the_listening_window_is_closed_another_one_listens(desk: webdriver.Chrome, ready: Ready) -> None:
    first = desk.current_window_handle
    desk.switch_to.new_window("tab")
    second = desk.current_window_handle
    desk.get(f"{ready.url}/queue?language=all&tab=all")
    until(lambda: rows(desk) > 0, 5, "the rows")
    desk.switch_to.window(first)
    desk.get("about:blank")
    desk.switch_to.window(second)
    before = rows(desk)
    ready.meanwhile(add_case)
    until(lambda: rows(desk) == before + 1, 10, "the row")


def test_before_a_person_goes_back_to_the_queue_their_operator_is_asked_unless_they_are_there(
    desk: webdriver.Chrome, ready: Ready
) -> None:
    seen = "return Number(localStorage.getItem('komek-seen')) > Date.now() - 10_000"
    later = "const now = Date.now; Date.now = () => now() + arguments[0]"
    look(desk, ready, "operator", "/conversations/{conversation}", dark=False, width=1280)
    desk.execute_script(later, 2 * 60_000)
    desk.execute_script(
        "const typed = new Event('input', {bubbles: true}); document.getElementById('reply').dispatchEvent(typed)"
    )
    desk.execute_script("document.getElementById('reply').focus(); document.getElementById('reply').click()")
    assert not desk.execute_script(seen), "what a script does shows nobody"
    ActionChains(desk).move_by_offset(300, 300).perform()
    until(lambda: desk.execute_script(seen), 2, "a pointer that moves shows somebody")
    desk.execute_script(later, 13.5 * 60_000)
    until(lambda: one(desk, "#ending-lost").is_displayed(), 7, "the question")
    assert "After 15 minutes without a sign of you" in one(desk, "#ending").text
    assert not one(desk, "#ending-idle").is_displayed()
    one(desk, "#ending-stay").click()
    until(lambda: desk.execute_script(seen), 2, "the answer")
    assert not one(desk, "#ending").is_displayed()
    desk.execute_script("localStorage.clear()")
    assert complaints(desk) == []


def test_whoever_signs_out_elsewhere_is_led_to_the_sign_in(desk: webdriver.Chrome, ready: Ready) -> None:
    desk.switch_to.new_window("tab")
    desk.get(f"{ready.url}/account")
    one(desk, "form[action='/sign-out'] button").click()
    until(lambda: "/sign-in" in desk.current_url, 5, "the sign-in")
    desk.switch_to.window(desk.window_handles[0])
    until(lambda: "/sign-in" in desk.current_url, 10, "the other window too")

"""The planner in a real browser: a webinar is moved by hand, by keyboard and by its link."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.common import clock
from portal.conferences.models import Invitation
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# A Wednesday in winter, by the clock of the visitors' zone (Berlin) 10:00 to 11:00.
START = datetime(2094, 3, 3, 9, 0, tzinfo=UTC)
WEEK = "?view=week&day=2094-03-03"
BLOCK = ".block[data-at]"


@pytest.fixture
def row(account):
    made = ConferenceFactory(account=account, title="Spring briefing", starts_at=START)
    for _ in range(3):
        one = RegistrationFactory(conference=made)
        Invitation.objects.create(
            conference=made,
            registration=one,
            to_email=one.attendee.email,
            state="sent",
            act="invite",
            not_before=clock.now(),
        )
    return made


def open_at(someone, query=WEEK):
    page = someone.go("home")
    someone.open(someone.reverse("calendar") + query)
    page.wait_for_load_state("networkidle")
    return page


def asked(page):
    """Day and time that the address asks for."""
    found = parse_qs(urlsplit(page.url).query)
    return found["date"][0], found.get("time", [""])[0]


def start_of(row):
    row.refresh_from_db()
    return row.starts_at


def middle(page, selector):
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_webinar_is_moved_in_four_clicks_with_who_hears_shown_first(visitor, row):
    clicks = 0

    def click(selector):
        nonlocal clicks
        page.click(selector)
        clicks += 1

    someone = visitor()
    page = open_at(someone, "?month=2094-03")
    click(".segmented a:has-text('Week')")
    page.hover(BLOCK)
    click(".block-move")
    page.fill("[name=time]", "14:30")
    page.keyboard.press("Tab")
    page.wait_for_selector("#outcome button[name=tell][value=yes]")
    assert "Move it and notify 3 people" in page.inner_text("#outcome")
    assert someone.axe() == []
    assert start_of(row) == START
    click("#outcome button[name=tell][value=yes]")
    page.wait_for_selector("#toasts:has-text('Moved.')")
    assert "view=week" in page.url, "back in the planner"
    assert start_of(row) == START + timedelta(hours=4, minutes=30)
    assert Invitation.objects.filter(act="reschedule").count() == 3
    assert clicks + 1 <= 4, "with the one that opens the calendar"
    assert someone.complaints == []


def test_it_is_dragged_to_another_day_and_nothing_is_moved_before_the_answer(visitor, row):
    someone = visitor()
    page = open_at(someone)
    x, y = middle(page, BLOCK)
    friday = page.locator("[data-day='2094-03-05']").bounding_box()
    hour = page.locator(BLOCK).bounding_box()["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(friday["x"] + friday["width"] / 2, y + hour, steps=8)
    page.wait_for_selector(".plan-ghost:has-text('Fri 5 Mar, 11:00')")
    page.mouse.up()
    page.wait_for_url("**/time/**")
    assert asked(page) == ("2094-03-05", "11:00")
    assert start_of(row) == START
    page.click("button[name=tell][value=no]")
    page.wait_for_selector("#toasts:has-text('Moved.')")
    assert start_of(row) == START + timedelta(days=2, hours=1)
    assert Invitation.objects.filter(act="reschedule").count() == 0
    assert someone.complaints == []


class Finger:
    """A finger on the screen, as the browser hears of one."""

    def __init__(self, page):
        self.page, self.to = page, page.context.new_cdp_session(page)

    def _send(self, kind, *at):
        points = [{"x": x, "y": y} for x, y in at]
        self.to.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def down(self, x, y):
        self.at = x, y
        self._send("touchStart", self.at)

    def move(self, x, y, steps=8):
        (x0, y0), self.at = self.at, (x, y)
        for n in range(1, steps + 1):
            self._send("touchMove", (x0 + (x - x0) * n / steps, y0 + (y - y0) * n / steps))

    def up(self):
        self._send("touchEnd")


def test_a_finger_that_is_held_drags(visitor, row):
    someone = visitor(touch=True, width=1024)
    page = open_at(someone)
    x, y = middle(page, BLOCK)
    hour = page.locator(BLOCK).bounding_box()["height"]
    friday = page.locator("[data-day='2094-03-05']").bounding_box()
    finger = Finger(page)
    finger.down(x, y)
    page.wait_for_selector(".plan-ghost")
    finger.move(friday["x"] + friday["width"] / 2, y + hour)
    page.wait_for_selector(".plan-ghost:has-text('Fri 5 Mar, 11:00')")
    assert page.evaluate("scrollY") == 0
    finger.up()
    page.wait_for_url("**/time/**")
    assert asked(page) == ("2094-03-05", "11:00")
    assert start_of(row) == START
    assert someone.complaints == []


def test_a_finger_that_is_not_held_scrolls(visitor, row):
    someone = visitor(touch=True, width=1024)
    page = open_at(someone)
    page.set_viewport_size({"width": 1024, "height": 500})
    page.locator(BLOCK).scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    x, y = middle(page, BLOCK)
    finger = Finger(page)
    finger.down(x, y)
    finger.move(x, y - 100)
    page.wait_for_function(f"scrollY > {before}")
    assert page.locator(".plan-ghost").count() == 0
    finger.up()
    assert "calendar" in page.url
    assert someone.complaints == []


def test_a_page_comes_along_with_a_finger_and_a_second_one_puts_back(visitor, row):
    someone = visitor(touch=True, width=1024)
    page = open_at(someone)
    page.set_viewport_size({"width": 1024, "height": 500})
    page.evaluate("scrollTo(0, 0)")
    page.locator(BLOCK).scroll_into_view_if_needed()
    x, y = middle(page, BLOCK)
    finger = Finger(page)
    finger.down(x, y)
    page.wait_for_selector(".plan-ghost")
    before = page.evaluate("scrollY")
    finger.move(x, 490)
    page.wait_for_function(f"scrollY > {before}")
    finger._send("touchStart", finger.at, (50, 50))
    page.wait_for_selector(".plan-ghost", state="detached")
    finger.up()
    assert "calendar" in page.url
    page.locator(f"{BLOCK} .event").scroll_into_view_if_needed()
    page.tap(f"{BLOCK} .event")
    page.wait_for_url(f"**/webinars/{row.pk}/")


def here(page):
    """The title of the block that has the focus; empty where none has."""
    return page.evaluate("document.activeElement.closest('.block')?.querySelector('a').title || ''")


def walk(page, keys):
    found = []
    for key in keys.split():
        page.keyboard.press(
            {"<": "ArrowLeft", ">": "ArrowRight", "^": "ArrowUp", "v": "ArrowDown"}.get(key, key)
        )
        found.append(here(page))
    return found


def test_arrow_keys_go_from_block_to_block_and_tab_leaves_them(visitor, row, account):
    second = AccountFactory(label="Zebra account")
    for title, hours, on in (
        ("Late", 5, account),
        ("Friday early", 48, account),
        ("Friday late", 53, second),
    ):
        ConferenceFactory(account=on, title=title, starts_at=START + timedelta(hours=hours))
    someone = visitor()
    page = open_at(someone)
    assert page.locator(".block .event[tabindex='0']").count() == 1
    assert page.locator(".block .block-move[tabindex='0']").count() == 1
    page.focus(".block .event[tabindex='0']")
    says = page.locator("[data-planner-where]")
    assert says.inner_text() == "Wed 3 Mar. The arrow keys go to the others, Tab leaves them."
    assert walk(page, "v v > ^ < Home End") == [
        "Late",
        "Late",
        "Friday late",
        "Friday early",
        "Spring briefing",
        "Spring briefing",
        "Friday late",
    ]
    assert says.inner_text() == "Fri 5 Mar"
    page.keyboard.press("Tab")
    assert here(page) == "Friday late", "its move"
    page.keyboard.press("Tab")
    assert here(page) == ""
    page.keyboard.press("Shift+Tab")
    assert here(page) == "Friday late", "one comes back to where one was"
    assert someone.axe() == []

    page = open_at(someone, "?view=timeline&day=2094-03-03")
    page.focus(".block .event[tabindex='0']")
    assert walk(page, "v > v ^") == ["Late", "Friday early", "Friday late", "Friday early"]
    assert walk(page, "v m") == ["Friday late", "Friday late"]
    assert "Fri 5 Mar" in page.locator("[data-planner-says]").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("[data-planner-where]").inner_text() == "Fri 5 Mar, Zebra account"

    page = open_at(someone, "?view=timeline&span=day&day=2094-03-05")
    page.focus(".block .event[tabindex='0']")
    assert walk(page, "> v v ^") == ["Friday early", "Friday late", "Friday late", "Friday early"]
    assert someone.complaints == []


def test_on_a_narrow_screen_the_arrow_keys_go_down_the_list(visitor, row, account):
    ConferenceFactory(account=account, title="Friday", starts_at=START + timedelta(days=2))
    page = open_at(visitor("Viewer", width=400))
    page.focus(".block .event")
    assert walk(page, "v v ^") == ["Friday", "Friday", "Spring briefing"]


def test_escape_puts_a_dragged_one_back_and_a_mere_click_opens_it(visitor, row):
    someone = visitor()
    page = open_at(someone)
    x, y = middle(page, BLOCK)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 200, y, steps=4)
    page.keyboard.press("Escape")
    assert page.locator(".plan-ghost").count() == 0
    page.mouse.up()
    assert "calendar" in page.url
    page.click(f"{BLOCK} .event")
    page.wait_for_url(f"**/webinars/{row.pk}/")


def test_it_is_moved_by_the_keyboard_alone(visitor, row):
    someone = visitor()
    page = open_at(someone)
    page.focus(f"{BLOCK} .event")
    says = page.locator("[data-planner-says]")
    page.keyboard.press("m")
    assert "Wed 3 Mar, 10:00" in says.inner_text()
    page.keyboard.press("ArrowDown")
    assert says.inner_text() == "Wed 3 Mar, 10:15"
    page.keyboard.press("Escape")
    assert says.inner_text() == "Put back."
    page.keyboard.press("m")
    for key in ("ArrowUp", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    assert says.inner_text() == "Thu 4 Mar, 09:30"
    page.keyboard.press("Enter")
    page.wait_for_url("**/time/**")
    assert asked(page) == ("2094-03-04", "09:30")
    assert start_of(row) == START
    assert someone.complaints == []


def test_in_a_timeline_time_goes_from_left_to_right(visitor, row):
    someone = visitor()
    page = open_at(someone, "?view=timeline&span=day&day=2094-03-03")
    page.focus(f"{BLOCK} .event")
    page.keyboard.press("m")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/time/**")
    assert asked(page) == ("2094-03-03", "11:00")
    page = open_at(someone, "?view=timeline&day=2094-03-03")
    x, y = middle(page, BLOCK)
    friday = middle(page, "tbody [data-day='2094-03-05']")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(*friday, steps=8)
    page.mouse.up()
    page.wait_for_url("**/time/**")
    assert asked(page) == ("2094-03-05", "")
    assert page.input_value("[name=time]") == "10:00", "the time of day stays"
    assert someone.complaints == []


def test_over_the_line_of_another_account_it_is_the_day_that_counts(visitor, row, account):
    AccountFactory(label="Zebra account")
    someone = visitor()
    page = open_at(someone, "?view=timeline&day=2094-03-03")
    x, y = middle(page, BLOCK)
    friday = middle(page, "tbody tr:has-text('Zebra account') [data-day='2094-03-05']")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(*friday, steps=8)
    page.wait_for_selector(".plan-ghost:has-text('Fri 5 Mar')")
    page.mouse.up()
    page.wait_for_url("**/time/**")
    assert asked(page) == ("2094-03-05", "")
    assert someone.complaints == []


def test_empty_time_that_is_clicked_opens_the_form_with_it(visitor, row):
    someone = visitor()
    page = open_at(someone, "?view=timeline&span=day&day=2094-03-03")
    box = page.locator("[data-day]").bounding_box()
    hours = int(page.locator("[data-planner]").get_attribute("data-hours"))
    first = int(page.locator("[data-planner]").get_attribute("data-from"))
    at = box["x"] + box["width"] * (15.1 - first) / hours
    page.mouse.click(at, box["y"] + box["height"] / 2)
    page.wait_for_url("**/schedule/**")
    assert page.input_value("[name=date]") == "2094-03-03"
    assert page.input_value("[name=time]") == "15:00"
    assert page.input_value("[name=account]") == str(row.account_id)
    assert someone.complaints == []


@pytest.mark.parametrize("query", [WEEK, "?view=timeline&day=2094-03-03"])
def test_without_script_and_on_a_narrow_screen_its_link_moves_it(visitor, row, query):
    someone = visitor(javascript=False, width=320)
    page = someone.open(someone.reverse("calendar") + query)
    assert page.locator("html").evaluate("e => e.scrollWidth") <= 320
    page.click(".block-move")
    page.fill("[name=date]", "2094-03-04")
    page.fill("[name=time]", "12:00")
    page.click("button[name=refresh]")
    assert "Move it and notify 3 people" in page.inner_text("#outcome")
    page.click("button[name=tell][value=no]")
    assert start_of(row) == datetime(2094, 3, 4, 11, 0, tzinfo=UTC)


def test_who_may_only_look_moves_and_schedules_nothing(visitor, row):
    page = open_at(visitor("Viewer"))
    assert page.locator(".block").count() == 1
    assert page.locator("[data-at], .block-move, .day-add").count() == 0


def test_a_clash_is_said_while_somebody_types(visitor, row):
    row.account.concurrent_rooms = 1
    row.account.save()
    someone = visitor()
    page = someone.go("schedule")
    page.fill("[name=title]", "Second")
    page.fill("[name=date]", "2094-03-03")
    page.fill("[name=time]", "10:30")
    page.keyboard.press("Tab")
    page.wait_for_selector("#clashes:has-text('Spring briefing')")
    assert someone.axe() == []
    page.check("[name=anyway]")
    page.click("button[name=schedule]")
    page.wait_for_url("**/webinars/*/")
    assert type(row).objects.count() == 2
    assert someone.complaints == []


def test_the_filter_is_followed_at_once_and_what_is_left_can_still_be_moved(visitor, row, account):
    ConferenceFactory(account=account, title="Autumn tour", starts_at=START)
    someone = visitor()
    page = open_at(someone)
    assert page.locator(BLOCK).count() == 2
    page.fill("[name=q]", "spring")
    page.wait_for_selector(".block:has-text('Autumn tour')", state="detached")
    assert "q=spring" in page.url
    assert "view=week" in page.url
    with page.expect_response("**/calendar/**"):
        page.focus(f"{BLOCK} .event")  # the field is left, which asks once more
    page.wait_for_load_state("networkidle")
    page.wait_for_selector(f"{BLOCK} .event:focus")
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/time/**")
    page.click("button[name=tell][value=no]")
    page.wait_for_selector("#toasts:has-text('Moved.')")
    assert "q=spring" in page.url, "back where it came from"
    assert start_of(row) == START + timedelta(days=1)
    assert someone.complaints == []

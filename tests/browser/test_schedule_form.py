"""The schedule form in a real browser: begun and gone on with, by few clicks, by keyboard alone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.common import clock
from portal.conferences.models import Conference, UnsavedForm
from tests.factories import AttendeeFactory, ConferenceFactory, ModeratorFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_CLICKS = 4
DONE = re.compile(r"/webinars/\d+/$")
KEPT = "#keep-state:not(:empty)"
TITLE = "[name=title]:focus"  # the cursor is there as soon as the page has been drawn


@pytest.fixture
def day():
    return (clock.now() + timedelta(days=9)).strftime("%Y-%m-%d")


def press_until(page, wanted, most=60):
    """Go on with Tab until an element has the cursor, as somebody without a mouse does."""
    for _ in range(most):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached: {page.evaluate('document.activeElement.id')}")


def test_what_is_typed_survives_a_closed_tab(visitor, account, day):
    someone = visitor()
    page = someone.go("schedule")
    page.wait_for_selector(TITLE)
    page.keyboard.type("Begun and left")  # the cursor is in the title
    page.fill("[name=date]", day)
    page.wait_for_selector(KEPT)
    page.close(run_before_unload=False)
    someone.page = page = someone.page.context.new_page()
    someone.go("schedule")
    assert "You had begun a webinar" in someone.text()
    assert someone.axe() == []
    page.click("#unsaved a")
    expect(page.locator("[name=title]")).to_have_value("Begun and left")
    expect(page.locator("[name=date]")).to_have_value(day)
    page.fill("[name=time]", "14:30")
    page.click("button[name=schedule]")
    page.wait_for_url(DONE)
    assert Conference.objects.get().title == "Begun and left"
    assert not UnsavedForm.objects.exists()


def test_what_was_typed_last_is_kept_as_the_page_goes(visitor, account):
    someone = visitor()
    page = someone.go("schedule")
    page.wait_for_selector(TITLE)
    page.keyboard.type("Gone at once")
    page.on("dialog", lambda dialog: dialog.accept())
    page.close(run_before_unload=True)
    someone.page = page = page.context.new_page()
    for _ in range(300):  # what is sent as a page goes comes when it comes
        if UnsavedForm.objects.exists():
            break
        page.wait_for_timeout(100)
    someone.go("schedule")
    assert "Gone at once" in someone.text()


def test_the_end_of_a_session_costs_nothing(visitor, account, day):
    someone = visitor()
    page = someone.go("schedule")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.fill("[name=title]", "Signed out meanwhile")
    expect(page.locator("#keep-state")).to_contain_text("not being kept")
    assert not UnsavedForm.objects.exists()
    page.context.add_cookies(cookies)
    page.evaluate("document.dispatchEvent(new CustomEvent('lectern:signed-in'))")
    expect(page.locator("#keep-state")).to_contain_text("Kept at")
    assert UnsavedForm.objects.get().called == "Signed out meanwhile"


def test_scheduled_in_few_clicks(visitor, account, day):
    """From home to a webinar that is scheduled."""
    someone = visitor()
    page = someone.go("home")
    page.evaluate("sessionStorage.clicks = 0")
    page.add_init_script(
        "addEventListener('pointerdown', () => "
        "{ sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1; }, true)"
    )
    page.reload()
    page.locator("a[href='/webinars/schedule/']").first.click()
    page.wait_for_url("**/schedule/")
    page.wait_for_selector(TITLE)
    page.keyboard.type("In few clicks")
    page.locator("[name=date]").click()
    page.locator("[name=date]").fill(day)
    page.keyboard.press("Tab")
    page.locator("[name=time]").fill("14:30")
    page.click("button[name=schedule]")
    page.wait_for_url(DONE)
    assert int(page.evaluate("sessionStorage.clicks")) <= MOST_CLICKS
    assert Conference.objects.get().title == "In few clicks"


def test_by_keyboard_alone(visitor, account):
    someone = visitor()
    page = someone.go("schedule")
    page.wait_for_selector(TITLE)
    page.keyboard.type("Without a mouse")
    press_until(page, "[name=date]")
    page.keyboard.type("11302094")
    press_until(page, "[name=time]")
    page.keyboard.type("0230PM")
    press_until(page, "#access summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")
    press_until(page, "button[name=schedule]")
    page.keyboard.press("Enter")
    page.wait_for_url(DONE)
    assert Conference.objects.get().starts_at.isoformat().startswith("2094-11-30T13:30")


def test_like_last_time_with_one_press(visitor, account):
    last = ConferenceFactory(
        account=account, title="Tea talk 1", starts_at=clock.now() - timedelta(days=3)
    )
    ModeratorFactory(conference=last, name="Ada", email="ada@example.org")
    someone = visitor(width=320)
    page = someone.go("schedule")
    page.fill("[name=title]", "Tea talk 2")
    page.keyboard.press("Tab")
    page.click(f"button[name=like][value='{last.pk}']")
    expect(page.locator(".notice.kind-success")).to_contain_text("Filled in like Tea talk 1")
    expect(page.locator("[name=date]")).to_be_focused()
    expect(page.locator("[name=date]")).not_to_have_value("")
    expect(page.locator("[name=title]")).to_have_value("Tea talk 2")
    expect(page.locator("[name=moderators-0-name]")).to_have_value("Ada")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert someone.axe() == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_errors_have_the_cursor_and_lead_to_their_fields(visitor, account, width, dark):
    someone = visitor(width=width, dark=dark)
    page = someone.go("schedule")
    page.click("button[name=schedule]")
    page.wait_for_selector(".notice.kind-danger")
    assert page.evaluate("document.activeElement.name") == "title"
    page.click(".notice.kind-danger a[href='#id_time']")
    assert page.evaluate("document.activeElement.name") == "time"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert someone.axe() == []


def test_all_that_is_wrong_is_said_at_once_also_where_a_browser_knows_of_it(visitor, account, day):
    someone = visitor()
    page = someone.go("schedule")
    page.fill("[name=date]", day)
    page.fill("[name=time]", "10:00")
    page.click("#repeats summary")
    page.select_option("[name=repeat-repeats]", "WEEKLY")
    page.fill("[name=repeat-count]", "500")
    page.fill("[name=duration_minutes]", "0")
    page.click("button[name=schedule]")
    wrong = page.locator("main .notice.kind-danger")
    expect(wrong).to_contain_text("Title: This field is required.")
    expect(wrong).to_contain_text("Length in minutes:")
    expect(wrong).to_contain_text("How many dates:")


def test_who_is_named_is_looked_for_at_that_time_and_the_form_stays_one(visitor, account, day):
    busy = ConferenceFactory(
        account=account, title="Elsewhere", starts_at=clock.now() + timedelta(days=9)
    )
    ModeratorFactory(conference=busy, name="Ada Example", email="ada@example.org")
    AttendeeFactory(first_name="Ada", last_name="Example", email="ada@example.org")
    someone = visitor()
    page = someone.go("schedule")
    page.fill("[name=title]", "Second")
    page.fill("[name=date]", f"{busy.starts_at:%Y-%m-%d}")
    page.fill("[name=time]", f"{busy.starts_at:%H:%M}")
    page.select_option("[name=timezone]", "UTC")
    page.locator("[name=moderators-0-email]").press_sequentially("ada@exam")
    page.wait_for_selector("#known-people option", state="attached")
    offered = page.eval_on_selector("#known-people option", "one => one.value")
    page.fill("[name=moderators-0-email]", offered)
    page.keyboard.press("Tab")
    expect(page.locator("#clashes")).to_contain_text("Ada Example is at another webinar:")
    expect(page.locator("#review")).to_contain_text("those who run it")
    assert page.locator("#schedule-form, #known-people, #review").count() == 3
    assert page.input_value("[name=moderators-0-name]") == "Ada Example"
    assert someone.axe() == []
    assert someone.complaints == []

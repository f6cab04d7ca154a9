"""A series in a real browser: in a few clicks, by the keyboard, and without script."""

from datetime import timedelta

import pytest

from portal.common import clock
from portal.conferences.models import Conference, Registration, Series
from tests.factories import (
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
    room_with_dates,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COUNT_CLICKS = """() => {
    document.addEventListener('click', event => {
        // What the keyboard presses is no click of the pointer.
        if (event.detail) sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1;
    }, true);
}"""


def counted(page):
    """Have the clicks of the pointer on this page counted, beside those on the pages before."""
    page.add_init_script(f"({COUNT_CLICKS})()")


def clicks(page):
    return int(page.evaluate("sessionStorage.clicks || '0'"))


def day():
    return (clock.now() + timedelta(days=9)).strftime("%Y-%m-%d")


def test_a_series_of_six_takes_six_clicks_at_most(visitor, account, work, sandbox):
    someone = visitor()
    counted(someone.page)
    page = someone.go("home")
    page.click("text=Schedule a webinar")
    page.fill("[name=title]", "Course for dealers")
    page.fill("[name=date]", day())
    page.fill("[name=time]", "10:00")
    page.click("#repeats > summary")
    page.click("[name=repeat-repeats]")
    page.select_option("[name=repeat-repeats]", "WEEKLY")
    page.fill("[name=repeat-count]", "6")
    page.press("[name=repeat-count]", "Tab")
    page.wait_for_selector("#review:has-text('6 webinars on')")
    page.click("button[name=schedule]")
    page.wait_for_load_state("networkidle")
    series = Series.objects.get()
    assert page.url.endswith(f"/webinars/series/{series.pk}/")
    assert clicks(page) <= 6
    assert "6 webinars are scheduled." in someone.text()
    work.push()
    assert len(sandbox.clickmeeting("demo").rooms()) == 6
    assert someone.complaints == []


def test_a_series_by_the_keyboard_alone(visitor, account):
    someone = visitor()
    page = someone.go("schedule")
    page.focus("[name=title]")
    page.keyboard.type("Course")
    page.fill("[name=date]", day())
    page.fill("[name=time]", "10:00")
    page.focus("#repeats > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "repeat-repeats"
    page.keyboard.type("Weekly")
    page.focus("[name=repeat-count]")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.wait_for_selector("#review:has-text('3 webinars on')")
    page.focus("button[name=schedule]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/webinars/series/*/")
    assert Conference.objects.count() == 3


def test_a_series_without_script(visitor, account):
    someone = visitor(javascript=False)
    page = someone.go("schedule")
    page.fill("[name=title]", "Course")
    page.fill("[name=date]", day())
    page.fill("[name=time]", "10:00")
    page.click("#repeats > summary")
    page.select_option("[name=repeat-repeats]", "DAILY")
    page.fill("[name=repeat-count]", "4")
    page.click("text=Show what this time means")
    assert "the next dates" in someone.text().lower()
    assert "4 webinars on" in someone.text()
    page.click("button[name=schedule]")
    page.wait_for_url("**/webinars/series/*/")
    assert Conference.objects.count() == 4


@pytest.fixture
def series(account):
    made = SeriesFactory(title="Course")
    first = clock.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=3)
    for week in range(4):
        at = first + timedelta(weeks=week)
        ConferenceFactory(account=account, title="Course", starts_at=at, planned_at=at, series=made)
    return made


def test_following_dates_are_moved_and_who_hears_is_shown(visitor, series):
    rows = list(series.conferences.order_by("planned_at"))
    for row in rows:
        RegistrationFactory(conference=row, attendee__email=f"guest{row.pk}@example.com")
    someone = visitor()
    page = someone.go("conference-edit", rows[1].pk)
    page.fill("[name=title]", "New course")
    page.check("#id_extent_following")
    page.wait_for_selector("#review:has-text('2 other dates are changed with it.')")
    page.wait_for_selector("#send-card-title:has-text('Notify 3 people?')")
    page.click("#form-buttons button[name=tell][value=no]")
    page.wait_for_url(f"**/webinars/{rows[1].pk}/")
    titles = list(series.conferences.order_by("planned_at").values_list("title", flat=True))
    assert titles == ["Course", *["New course"] * 3]
    assert someone.complaints == []


def test_people_are_invited_to_all_dates(visitor, series):
    someone = visitor()
    page = someone.go("series", series.pk)
    page.click("text=Invite people")
    page.fill("[name=who]", "eve@example.com")
    page.click("button[value=preview]")
    page.wait_for_selector("#send-card-title:has-text('Notify one person?')")
    assert "(4 dates)" in someone.text()
    page.click("button[name=tell][value=yes]")
    page.wait_for_url(f"**/webinars/series/{series.pk}/")
    assert "1 person is invited to 4 dates." in someone.text()
    assert Registration.objects.count() == 4
    assert someone.complaints == []


def test_the_pages_fit_a_narrow_screen(visitor, series):
    someone = visitor(width=320)
    for name in ("series", "series-add", "series-invite"):
        page = someone.go(name, series.pk)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, name


@pytest.mark.parametrize("javascript", [True, False])
def test_a_date_is_moved_with_those_that_follow(visitor, series, javascript):
    rows = list(series.conferences.order_by("planned_at"))
    someone = visitor(javascript=javascript)
    page = someone.go("series", series.pk)
    page.click("table a:has-text('Move') >> nth=1")
    page.fill("[name=time]", "15:30")
    page.check("#id_extent_following")
    if javascript:
        page.wait_for_selector("#outcome:has-text('2 other dates are changed with it.')")
    else:
        page.click("text=Show what will happen")
        assert "2 other dates are changed with it." in someone.text()
    page.click("#outcome button:has-text('Move it')")
    page.wait_for_url(f"**/webinars/series/{series.pk}/")
    assert "3 webinars are moved." in someone.text()
    clocks = {f"{one.starts_at:%M}" for one in series.conferences.exclude(pk=rows[0].pk)}
    assert clocks == {"30"}
    assert someone.complaints == []


@pytest.mark.parametrize("what", ["series", "room"])
def test_what_is_in_the_way_of_a_date_is_said_while_it_is_typed(visitor, account, series, what):
    other = ConferenceFactory(
        account=account, title="Board", starts_at=clock.now() + timedelta(days=9)
    )
    someone = visitor()
    if what == "series":
        page = someone.go("series-add", series.pk)
    else:
        page = someone.go("room-date-add", room_with_dates(clock.now(), account=account).pk)
    page.select_option("[name=timezone]", "UTC")
    page.fill("[name=date]", f"{other.starts_at:%Y-%m-%d}")
    page.fill("[name=time]", f"{other.starts_at:%H:%M}")
    page.keyboard.press("Tab")
    page.wait_for_selector("#beside:has-text('Board')")
    assert someone.axe() == []
    assert someone.complaints == []

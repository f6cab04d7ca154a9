"""Find a date in a browser, from the question to the schedule form, with and without script."""

from datetime import timedelta

import pytest
from django.core import mail

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.models import AskedPerson, Conference, DatePoll
from tests.factories import AttendeeFactory
from tests.factories.date_polls import date_poll, says

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOTH = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


class Clicks:
    """A page whose clicks are counted."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def click(self, what):
        self.count += 1
        self.page.click(what)


def day(days):
    return f"{clock.now() + timedelta(days=days):%Y-%m-%d}"


@BOTH
def test_two_are_asked_with_three_clicks_from_the_list_of_webinars(visitor, account, script):
    someone = visitor(javascript=script)
    page = someone.go("conferences")
    clicks = Clicks(page)
    clicks.click("main a:has-text('Find a date')")
    page.fill("[name=title]", "Spring briefing")
    for number in range(2):
        page.fill(f"[name=times-{number}-date]", day(10 + number))
        page.fill(f"[name=times-{number}-time]", "14:00")
        page.fill(f"[name=people-{number}-name]", f"Speaker {number}")
        page.fill(f"[name=people-{number}-email]", f"s{number}@example.org")
    clicks.click("button:has-text('Next: the mail')")
    page.wait_for_selector("text=Notify 2 people?")
    assert not DatePoll.objects.exists()
    clicks.click("button:has-text('Open the date poll and notify 2 people')")
    page.wait_for_selector("text=The date poll is open.")
    assert clicks.count == 3
    assert tasks.send_mails() == 2
    assert sorted(one.to[0] for one in mail.outbox) == [
        f"Speaker {n} <s{n}@example.org>" for n in range(2)
    ]
    assert someone.complaints == []


@BOTH
def test_rows_are_added_and_what_was_typed_stays(visitor, account, script):
    someone = visitor(javascript=script)
    page = someone.go("date-poll-new")
    page.fill("[name=title]", "Spring briefing")
    page.fill("[name=times-2-date]", day(12))
    page.fill("[name=times-2-time]", "09:30")
    page.click("button:has-text('Another time')")
    page.wait_for_selector("[name=times-3-time]")
    assert page.input_value("[name=times-3-time]") == "09:30"
    page.click("button:has-text('Another person')")
    page.wait_for_selector("[name=people-2-email]")
    assert page.input_value("[name=title]") == "Spring briefing"
    page.focus("[name=title]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Something needs a change")
    assert page.input_value("[name=times-2-date]") == day(12)
    assert [one for one in someone.complaints if "422" not in one] == []


@BOTH
def test_an_answer_is_given_by_the_link_and_changed(visitor, account, script):
    poll = date_poll(account)
    person = poll.people.first()
    someone = visitor(javascript=script)
    page = someone.go("dates", person.token)
    times = list(poll.times.all())
    for one, said in zip(times, ("Yes", "If need be", "No"), strict=True):
        page.locator(f"#id_time-{one.pk}").get_by_text(said, exact=True).click()
    page.fill("[name=remark]", "Not before ten.")
    page.click("button:has-text('Send my answer')")
    page.wait_for_selector("text=Thank you, your answer is kept")
    person.refresh_from_db()
    assert [person.said(one) for one in times] == ["yes", "maybe", "no"]
    page.click("button:has-text('None of these suits me')")
    page.wait_for_selector("text=Thank you, your answer is kept")
    person.refresh_from_db()
    assert [person.said(one) for one in times] == ["no", "no", "no"]
    assert person.remark == "Not before ten."
    assert someone.complaints == []


@BOTH
def test_the_best_time_is_scheduled_with_three_clicks(visitor, account, script):
    poll = date_poll(account, title="Spring briefing")
    says(poll, 0, "yes", "maybe", "no")
    says(poll, 1, "yes", "no", "no")
    someone = visitor(javascript=script)
    page = someone.go("date-poll", poll.pk)
    clicks = Clicks(page)
    clicks.click(".row-item:has-text('Suits best') a:has-text('Schedule')")
    page.wait_for_selector("text=Filled in from the date poll Spring briefing.")
    assert page.input_value("[name=title]") == "Spring briefing"
    assert page.input_value("[name=moderators-2-email]") == "speaker2@example.org"
    clicks.click(".form-actions-sticky button:has-text('Schedule')")
    page.wait_for_selector("text=Notify 3 people?")
    clicks.click("button:has-text('notify 3 people')")
    page.wait_for_selector("text=Scheduled.")
    assert clicks.count == 3
    made = Conference.objects.get()
    assert made.starts_at == poll.times.first().starts_at
    poll.refresh_from_db()
    assert poll.conference == made
    assert poll.closed_at
    assert someone.complaints == []


def test_the_page_behind_the_link_fits_a_narrow_screen_and_the_keyboard(visitor, account):
    poll = date_poll(account, times=12, note="What is new in spring, for dealers and partners.")
    someone = visitor()
    page = someone.go("dates", poll.people.first().token)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for one in poll.times.all():
        page.focus(f"#id_time-{one.pk}_0")
        page.keyboard.press("ArrowRight")  # "If need be"
    page.focus("button:has-text('Send my answer')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Thank you, your answer is kept")
    assert set(AskedPerson.objects.order_by("pk").first().answers.values()) == {"maybe"}
    page = someone.go("date-poll", poll.pk)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_known_people_are_offered_and_go_into_both_boxes(visitor, account):
    AttendeeFactory(first_name="Ann", last_name="Example", email="ann@example.org")
    someone = visitor()
    page = someone.go("date-poll-new")
    page.locator("[name=people-0-name]").press_sequentially("Exam")
    page.wait_for_selector("#known-people option", state="attached")
    offered = page.eval_on_selector("#known-people option", "one => one.value")
    assert offered == "Ann Example <ann@example.org>"
    page.fill("[name=people-0-name]", offered)
    assert page.input_value("[name=people-0-name]") == "Ann Example"
    assert page.input_value("[name=people-0-email]") == "ann@example.org"
    page.fill("[name=people-1-email]", "Bob Sample <bob@example.org>")
    assert page.input_value("[name=people-1-name]") == "Bob Sample"
    assert page.input_value("[name=people-1-email]") == "bob@example.org"
    page.fill("[name=people-1-name]", "Cy <cy@example.org>")  # whose address is meant?
    assert page.input_value("[name=people-1-email]") == "bob@example.org"
    assert someone.complaints == []


def test_sending_while_the_preview_loads_is_no_error_in_the_console(visitor, account):
    poll = date_poll(account)
    someone = visitor()
    page = someone.go("date-poll-ask", poll.pk)

    def never(route):
        if "hx-request" not in route.request.headers:
            route.continue_()

    page.route("**/ask/", never)
    with page.expect_request(lambda one: "hx-request" in one.headers):
        page.locator("#id_note").press_sequentially("Please.")
    with page.expect_request(lambda one: "hx-request" in one.headers):  # the first gives way
        page.locator("#id_note").press_sequentially(" Soon.")
    page.click("button[name=tell][value=yes]")
    page.wait_for_selector("text=Asked again.")
    assert someone.complaints == []

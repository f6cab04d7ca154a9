"""What the schedule form says that it will do, while it is typed, is what it then does."""

import re
from datetime import timedelta

import pytest

from portal.common import clock
from portal.conferences.models import Conference
from portal.identity import roles
from tests.factories import AccountFactory, ConferenceFactory, ModeratorFactory, staff_url
from tests.support.pages import schedule_form, text

pytestmark = pytest.mark.django_db
DAY = clock.now() + timedelta(days=30)
PART = {"HX-Request": "true"}
NOT_YET = "It cannot be scheduled like this yet."
ASKED = "Whether those who run it are notified is asked first"
NOBODY = "Nobody is notified yet"


@pytest.fixture
def client(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def account():
    return AccountFactory(label="Main")


def typed(account, **more):
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return schedule_form(account, **named)


def while_typing(client, account, **more):
    data = typed(account, **more) | {"refresh": "clock"}
    answer = client.post(staff_url("schedule"), data, headers=PART)
    assert answer.status_code == 200
    return text(answer)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"repeat_interval": 99, "repeat_count": 3}, "less than or equal to 52"),
        ({"repeat_count": 500}, "less than or equal to 100"),
        ({"repeat_interval": 52, "repeat_count": 9}, "Within three years there are 4 such dates."),
        ({"repeat_count": 3, "permanent": "on"}, "A permanent room has no dates to repeat"),
        ({"repeat_until": "2020-01-30"}, "Until then it would take place once at most."),
        ({}, "Say how many dates, or until when it goes on."),
    ],
)
def test_what_would_be_refused_is_said_while_it_is_typed(client, account, rule, why):
    rule = {"repeat_repeats": "WEEKLY"} | rule
    said = while_typing(client, account, **rule)
    assert NOT_YET in said
    assert why in said
    assert "webinars on Main" not in said
    assert "as soon as you schedule it" not in said
    answer = client.post(staff_url("schedule"), typed(account, **rule, schedule="yes"))
    assert answer.status_code == 422
    assert not Conference.objects.exists()


def test_dates_of_a_rule_that_cannot_be_read_are_not_shown(client, account):
    said = while_typing(client, account, repeat_repeats="WEEKLY", repeat_interval=99)
    assert "The next dates" not in said
    assert "The next dates" in while_typing(client, account, repeat_repeats="WEEKLY")


@pytest.mark.parametrize(
    ("date", "rule", "remark"),
    [
        ("2094-01-31", {"repeat_monthly": "day"}, "Months without a day 31 are left out."),
        (
            "2094-01-29",
            {"repeat_monthly": "weekday"},
            "Months without a fifth Friday are left out.",
        ),
        ("2094-01-28", {"repeat_monthly": "day"}, ""),
        ("2094-01-31", {"repeat_monthly": "last day"}, ""),
        (
            "2094-01-30",
            {"repeat_monthly": "last day"},
            "Sat 30 Jan 2094 is none of these days: it begins on Sun 31 Jan 2094.",
        ),
    ],
)
def test_what_a_rule_leaves_out_is_said(client, account, date, rule, remark):
    rule = {"repeat_repeats": "MONTHLY", "repeat_count": 3} | rule
    said = while_typing(client, account, date=date, **rule)
    assert remark in said
    if not remark:
        assert "are left out" not in said
        assert "is none of these days" not in said


@pytest.mark.parametrize("rule", [{}, {"repeat_repeats": "WEEKLY", "repeat_count": 3}])
def test_who_is_named_to_run_it_is_not_called_nobody(client, account, rule):
    people = {"moderators_0_name": "Ann Example", "moderators_0_email": "ann@example.com"}
    assert NOBODY in while_typing(client, account, **rule)
    said = while_typing(client, account, **rule, **people)
    assert ASKED in said
    assert NOBODY not in said
    asked = client.post(staff_url("schedule"), typed(account, **rule, **people, schedule="yes"))
    assert "Notify one person?" in text(asked)
    assert not Conference.objects.exists()


def test_who_runs_a_draft_is_not_called_nobody(client, account):
    draft = ConferenceFactory(account=account, draft=True, starts_at=DAY)
    assert NOBODY in text(client.get(staff_url("conference-edit", draft.pk)))
    ModeratorFactory(conference=draft)
    said = text(client.get(staff_url("conference-edit", draft.pk)))
    assert ASKED in said
    assert NOBODY not in said


@pytest.mark.parametrize("name", ["schedule", "date-poll-new"])
def test_a_browser_refuses_nothing_before_all_is_said(client, account, name):
    form = re.search(r'<form[^>]*id="(schedule|poll)-form"[^>]*>', said_of(client, name))
    assert " novalidate" in " ".join(form.group().split())


def said_of(client, name):
    return client.get(staff_url(name)).content.decode()

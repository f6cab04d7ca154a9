"""An open date poll is edited: what is kept, who hears of it, and what they read."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from portal.common import clock
from portal.common.errors import NotAllowed, NotPossible, Stale
from portal.conferences import tasks
from portal.conferences.mails.services import Telling
from portal.conferences.models import Change, Invitation
from portal.conferences.schedule.services import date_polls
from portal.identity import roles
from tests.factories.date_polls import date_poll, says

pytestmark = pytest.mark.django_db
ASKED, SILENT = Telling(True), Telling(False)
NEW = {"title": "Briefing for all", "note": "Of spring.", "duration_minutes": 90}


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def poll(account):
    poll = date_poll(account, telling=ASKED)
    sent()
    return poll


def sent():
    """The mails that leave now."""
    mail.outbox.clear()
    tasks.send_mails()
    return list(mail.outbox)


def edit(poll, telling=ASKED, by=None, **values):
    poll.refresh_from_db()
    held = {name: getattr(poll, name) for name in date_polls.EDITED}
    return date_polls.edit(poll, held | values, telling, by, date_polls.version(poll))


def typed(page, **values):
    """What stands in the form, as a browser would send it, with other values."""
    form = page.context["page"].form
    return {name: form[name].value() for name in form.fields} | values


def carried(page):
    fields = re.findall(r'<textarea name="([^"]+)" hidden[^>]*>([^<]*)</textarea>', page)
    counted = re.search(r'name="counted" value="(\d+)"', page)[1]
    return dict(fields) | {"counted": counted, "note": ""}


CHANGED = {"title": "Briefing  for all", "about": "Of spring.", "duration_minutes": "90"}


def test_the_mail_stands_before_anybody_hears_and_says_old_and_new(staff, poll, url):
    here = url("date-poll-edit", poll.pk)
    page = staff.post(here, typed(staff.get(here), **CHANGED)).content.decode()
    assert "Notify 3 people?" in page
    for words in ("Changed: when can you? Briefing for all", "before: Briefing for dealers"):
        assert words in page
    assert "before: 60 minutes" in page
    poll.refresh_from_db()
    assert poll.title == "Briefing for dealers"
    done = staff.post(here, carried(page) | {"tell": "yes", "note": "Sorry."})
    assert done.url == url("date-poll", poll.pk)
    poll.refresh_from_db()
    assert {name: getattr(poll, name) for name in NEW} == NEW
    told = sent()
    assert len(told) == 3
    html = told[0].alternatives[0][0]
    for words in ("Something has changed", "Of spring.", "Sorry.", "60 minutes", "/dates/"):
        assert words in told[0].body
        assert words in html
    assert "before: 60 minutes" in told[0].body
    assert "before: <s>60 minutes</s>" in html
    assert sent() == []


def test_nobody_hears_of_it_where_staff_say_so(staff, poll, url):
    here = url("date-poll-edit", poll.pk)
    page = staff.post(here, typed(staff.get(here), **CHANGED)).content.decode()
    staff.post(here, carried(page) | {"tell": "no"})
    poll.refresh_from_db()
    assert poll.title == "Briefing for all"
    assert sent() == []


def test_whoever_was_not_told_reads_what_changed_in_the_next_question(poll):
    edit(poll, SILENT, **NEW)
    edit(poll, SILENT, title="Briefing for some")
    date_polls.ask_again(poll, ASKED, None, seen=Invitation.objects.latest("pk").pk)
    told = sent()
    assert len(told) == 3
    assert "Title: Briefing for some\nbefore: Briefing for dealers" in told[0].body
    edit(poll, title="Briefing for all")
    assert "before: Briefing for some" in sent()[0].body


def test_whoever_was_never_asked_or_is_asked_anyway_hears_no_second_time(account):
    never = date_poll(account)
    edit(never, **NEW)
    assert sent() == []
    waits = date_poll(account, telling=ASKED)
    edit(waits, **NEW)
    told = sent()
    assert len(told) == 3
    assert all(one.subject == "When can you? Briefing for all" for one in told)
    assert "before:" not in told[0].body


def test_without_anybody_to_tell_it_is_saved_at_once(staff, account, url):
    here = url("date-poll-edit", date_poll(account).pk)
    done = staff.post(here, typed(staff.get(here), **CHANGED), follow=True)
    assert "Saved. Nobody will be notified." in done.content.decode()


def test_unchanged_nothing_is_kept_and_nobody_asked_about(staff, poll, url):
    here = url("date-poll-edit", poll.pk)
    edit(poll, SILENT, note="One\nTwo")
    count = Change.objects.count()
    done = staff.post(here, typed(staff.get(here), about="One\r\nTwo"), follow=True)
    assert "Nothing was changed." in done.content.decode()
    assert Change.objects.count() == count


def test_the_answers_stay_and_whoever_has_answered_hears_too(poll):
    says(poll, 0, "yes")
    edit(poll, **NEW)
    assert len(sent()) == 3
    assert poll.people.first().said(poll.times.first()) == "yes"


def test_what_somebody_else_has_saved_is_not_lost(staff, poll, url):
    here = url("date-poll-edit", poll.pk)
    opened = typed(staff.get(here), **CHANGED)
    edit(poll, SILENT, title="Briefing for some")
    page = staff.post(here, opened).content.decode()
    overtaken = staff.post(here, carried(page) | {"tell": "no"})
    text = overtaken.content.decode()
    assert overtaken.status_code == 422
    assert "It now says: Briefing for some" in text
    assert 'value="Briefing  for all"' in text
    poll.refresh_from_db()
    assert poll.title == "Briefing for some"
    page = staff.post(here, typed(overtaken)).content.decode()
    staff.post(here, carried(page) | {"tell": "no"})
    poll.refresh_from_db()
    assert poll.title == "Briefing for all"
    with pytest.raises(Stale):
        date_polls.edit(poll, NEW | {"title": "Mine"}, SILENT, None, "another")


@pytest.mark.parametrize(
    ("values", "words"),
    [({"title": " "}, "This field is required"), ({"duration_minutes": "0"}, "greater than")],
)
def test_what_cannot_be_kept_is_said_beside_it(staff, poll, url, values, words):
    here = url("date-poll-edit", poll.pk)
    page = staff.post(here, typed(staff.get(here), **(CHANGED | values)))
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_closed_one_is_not_edited_nor_by_who_may_only_read(client_as, poll, url, viewer_user):
    here = url("date-poll-edit", poll.pk)
    assert client_as(roles.VIEWER).get(here).status_code == 403
    with pytest.raises(NotAllowed):
        edit(poll, by=viewer_user, **NEW)
    date_polls.close(poll, SILENT, None)
    poll.refresh_from_db()
    with pytest.raises(NotPossible):
        edit(poll, **NEW)
    done = client_as(roles.STAFF).get(here, follow=True)
    assert "This date poll is closed." in done.content.decode()


def test_history_says_what_it_was_and_who_was_told(staff, poll, url, staff_user):
    edit(poll, by=staff_user, **NEW)
    text = staff.get(url("date-poll", poll.pk)).content.decode()
    assert "Told 3 people of the change" in text
    assert "Briefing for dealers" in text


def test_whoever_answered_before_further_times_has_not_said_all(poll, staff, url):
    for number in range(3):
        says(poll, number, "yes", "yes", "yes")
    page = staff.get(url("date-poll", poll.pk)).content.decode()
    assert "not about each of the times" not in page
    later = poll.times.last().starts_at + timedelta(days=1)
    date_polls.propose(poll, [later], SILENT, None)
    page = staff.get(url("date-poll", poll.pk)).content.decode()
    assert "All have answered, but not about each of the times" in page
    for number in range(3):
        says(poll, number, "yes", "yes", "yes", "no")
    page = staff.get(url("date-poll", poll.pk)).content.decode()
    assert "not about each of the times" not in page


def test_by_when_people_are_asked_to_answer_can_be_put_off(staff, account, url):
    """The day is over: whoever still waits for answers gives another week, and those who were asked
    read it."""
    over = datetime(2026, 1, 5, 23, 59, tzinfo=ZoneInfo("Europe/Warsaw"))
    poll = date_poll(account, telling=ASKED, answer_until=over, timezone="Europe/Warsaw")
    sent()
    here = url("date-poll-edit", poll.pk)
    form = typed(staff.get(here))
    assert str(form["answer_until"]) == "2026-01-05"
    # What is over already and was left as it is keeps nobody from changing the rest.
    assert "Notify 3 people?" in staff.post(here, form | {"title": "New"}).content.decode()
    past = staff.post(here, form | {"answer_until": "2026-01-06"})
    assert past.status_code == 422
    assert "This day is over" in past.content.decode()
    day = (clock.now() + timedelta(days=7)).date()
    page = staff.post(here, form | {"answer_until": day.isoformat()}).content.decode()
    assert "Monday, 5 January 2026, 23:59" in page
    staff.post(here, carried(page) | {"tell": "yes"})
    poll.refresh_from_db()
    until = poll.answer_until.astimezone(ZoneInfo("Europe/Warsaw"))
    assert (until.date(), until.hour) == (day, 23)
    told = sent()
    assert len(told) == 3
    assert "Answer until: " in told[0].body
    assert "before: Monday, 5 January 2026, 23:59" in told[0].body
    shown = staff.get(url("date-poll", poll.pk)).content.decode()
    assert "Answer until" in shown
    assert "2026-01-05" not in shown
    form = typed(staff.get(here)) | {"answer_until": ""}
    page = staff.post(here, form).content.decode()
    staff.post(here, carried(page) | {"tell": "yes"})
    poll.refresh_from_db()
    assert poll.answer_until is None
    assert "Answer until: (empty)" in sent()[0].body

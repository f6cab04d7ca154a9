"""Who waits to be let in stands among what needs attention, with how many they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.conferences.audience.services import answers
from portal.conferences.models import Conference, Registration, RegistrationPage
from portal.identity import roles
from portal.sync import queries
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db
Stage = Registration.Stage


@pytest.fixture
def account():
    return AccountFactory(label="Main", synced_at=clock.now())


def waiting(account, count=3, **values):
    """A webinar for which people wait to be let in."""
    conference = ConferenceFactory(account=account, registration_enabled=True, **values)
    RegistrationPage.objects.create(conference=conference, open=True, approval=True)
    for _ in range(count):
        RegistrationFactory(
            conference=conference, stage=Stage.APPROVAL, answer="yes", answered_at=clock.now()
        )
    return conference


def text(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("name", ["attention", "home"])
@pytest.mark.parametrize("role", [roles.VIEWER, roles.STAFF])
def test_a_webinar_with_people_who_wait_is_one_row_that_leads_to_them(
    client_as, url, account, name, role
):
    row = waiting(account, title="The seminar")
    client = client_as(role)
    page = text(client.get(url(name)))
    assert "3 people want to take part and wait until somebody lets them in." in page
    assert queries.attention_count() == 1
    link = f"{url('conference-people', row.pk)}?rstate=approval"
    assert f'href="{link}"' in page
    listed = client.get(link).context["registrations"]
    assert len(listed.rows) == 3
    assert "Register them" in text(client.get(link)) or role == roles.VIEWER


def test_who_waits_for_the_dates_of_a_series_is_one_row_that_leads_to_its_people(
    client_as, url, account
):
    series = SeriesFactory(title="Six evenings")
    dates = [
        ConferenceFactory(account=account, series=series, title=f"Evening {n}") for n in (1, 2, 3)
    ]
    first = RegistrationFactory(conference=dates[0], stage=Stage.APPROVAL, answered_at=clock.now())
    for date in dates[1:]:
        RegistrationFactory(
            conference=date, attendee=first.attendee, stage=Stage.APPROVAL, answered_at=clock.now()
        )
    RegistrationFactory(conference=dates[2], stage=Stage.APPROVAL, answered_at=clock.now())
    client = client_as()
    page = text(client.get(url("attention")))
    assert queries.attention_count() == 1
    assert "2 people want to take part and wait until somebody lets them in." in page
    link = f"{url('series-people', series.pk)}?state=approval"
    assert f'href="{link}"' in page
    assert f'href="{url("series", series.pk)}"' in page
    assert "Let them in" in text(client.get(link))


def test_let_in_together_they_wait_no_more(client_as, url, account):
    row = waiting(account)
    client, ids = client_as(), list(row.registrations.values_list("pk", flat=True))
    data = {"action": "register", "registration": ids[:2], "tell": "yes", "counted": "2"}
    client.post(url("registrations", row.pk), data)
    page = text(client.get(url("attention"), {"sort": "approval"}))
    assert "1 person wants to take part and waits until somebody lets them in." in page
    client.post(
        url("registrations", row.pk),
        data | {"registration": ids[2:], "counted": "1"},
    )
    assert queries.attention_count() == 0
    assert not row.registrations.exclude(stage=Stage.REGISTERED).exists()


def test_who_has_withdrawn_and_what_is_over_or_cancelled_waits_for_nobody(account):
    row = waiting(account, count=1)
    past = clock.now() - timedelta(days=3)
    waiting(account, starts_at=past, duration_minutes=60)
    waiting(account, removed_at=past)
    assert queries.attention_count() == 1
    answers.answer(row.registrations.get().token, "no")
    assert queries.attention_count() == 0
    answers.answer(row.registrations.get().token, "yes")
    assert queries.attention_count() == 1


def test_it_costs_the_same_however_many_wait(client_as, url, account):
    client = client_as()

    def statements(name):
        client.get(url(name))
        with CaptureQueriesContext(connection) as seen:
            client.get(url(name))
        return len(seen)

    waiting(account, count=2)
    few = [statements(name) for name in ("attention", "home")]
    for _ in range(4):
        waiting(account, count=20)
    assert [statements(name) for name in ("attention", "home")] == few
    assert max(few) <= 15
    assert Conference.objects.count() == 5

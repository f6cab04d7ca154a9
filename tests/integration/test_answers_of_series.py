"""One answer for all dates of a series: by whoever has the link, for their own dates alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.common import clock
from portal.conferences.audience.services import answers
from portal.conferences.models import Conference, Registration
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.factories.rooms import furnish
from tests.support.pages import text

pytestmark = pytest.mark.django_db
INVITED = Registration.Stage.INVITED


@pytest.fixture
def dates(monkeypatch):
    """Four dates of a series, the first of them over."""
    furnish(monkeypatch)
    series, account = SeriesFactory(), AccountFactory(platform="plenty")
    first = clock.now() - timedelta(days=3)
    starts = [first + timedelta(days=7 * week) for week in range(4)]
    return [
        ConferenceFactory(account=account, series=series, starts_at=at, planned_at=at)
        for at in starts
    ]


@pytest.fixture
def mine(dates):
    ann = AttendeeFactory(email="ann@example.com")
    return [RegistrationFactory(conference=one, attendee=ann, stage=INVITED) for one in dates]


def said():
    rows = Registration.objects.filter(attendee__email="ann@example.com").order_by("pk")
    return list(rows.values_list("answer", flat=True))


def test_the_page_offers_the_other_dates_that_lie_ahead(client, mine):
    page = text(client.get(reverse("staff:answer", args=[mine[1].token])))
    assert "The same answer for all 2 other dates of this series" in page
    alone = RegistrationFactory(stage=INVITED)
    assert "other dates" not in text(client.get(reverse("staff:answer", args=[alone.token])))


def test_one_answer_is_kept_for_all_of_them(client, mine):
    other = RegistrationFactory(conference=mine[2].conference, stage=INVITED)
    address = reverse("staff:answer", args=[mine[1].token])
    assert client.post(address, {"answer": "yes", "all": "yes"}).status_code == 302
    assert said() == ["", "yes", "yes", "yes"]
    stages = Registration.objects.filter(pk__in=[row.pk for row in mine[1:]])
    assert set(stages.values_list("stage", flat=True)) == {Registration.Stage.REGISTERED}
    other.refresh_from_db()
    assert other.answer == ""
    client.post(address, {"answer": "no", "all": "yes"})
    assert said() == ["", "no", "no", "no"]


def test_without_the_tick_it_is_of_one_date(client, mine):
    client.post(reverse("staff:answer", args=[mine[1].token]), {"answer": "yes"})
    assert said() == ["", "yes", "", ""]


def test_a_date_from_which_somebody_was_withdrawn_or_that_is_cancelled_stays_out(mine):
    Registration.objects.filter(pk=mine[2].pk).update(removed_at=clock.now())
    Conference.objects.filter(pk=mine[3].conference_id).update(removed_at=clock.now())
    answers.answer_all(mine[1].token, "yes")
    assert said() == ["", "yes", "", ""]


def test_a_link_to_a_date_that_is_over_answers_for_none(client, mine):
    answer = client.post(
        reverse("staff:answer", args=[mine[0].token]), {"answer": "yes", "all": "yes"}
    )
    assert answer.status_code == 409
    assert said() == ["", "", "", ""]

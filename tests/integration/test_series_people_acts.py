"""People are withdrawn from dates of a series at once; speakers put on, changed and taken off."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences.mails.services import sending
from portal.conferences.models import Change, Conference, Invitation, Moderator, Registration
from portal.conferences.schedule.services import series_people as service
from portal.conferences.schedule.services.series import Extent
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
    SeriesFactory,
    staff_url,
    user_with,
)
from tests.factories.rooms import furnish
from tests.support.pages import text

pytestmark = pytest.mark.django_db
THERE = "https://platform.example/room"


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def client(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def series():
    """One date that is over, and three that lie ahead."""
    at = clock.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=2)
    account, made = AccountFactory(platform="plenty"), SeriesFactory(title="Course")
    for week in range(-1, 3):
        start = at + timedelta(weeks=week)
        ConferenceFactory(
            account=account, title="Course", starts_at=start, planned_at=start, series=made
        )
    return made


def rows(series):
    return list(series.conferences.order_by("starts_at"))


def put(email, *dates, **values):
    person = AttendeeFactory(email=email)
    there = {"join_url": THERE} | values
    made = [RegistrationFactory(conference=row, attendee=person, **there) for row in dates]
    tell(*made)
    return person


def tell(*people):
    """They have been told of what they take part in."""
    for row in people:
        kind = "moderator" if isinstance(row, Moderator) else "registration"
        held = row.conference
        Invitation.objects.create(
            conference=held,
            to_email=row.email if kind == "moderator" else row.attendee.email,
            state="sent",
            subject="Invitation",
            after={"title": "Course", "starts_at": f"{held.starts_at:%Y-%m-%dT%H:%M:%SZ}"},
            not_before=clock.now(),
            sent_at=clock.now(),
            **{kind: row},
        )


def speak(email, *dates, **values):
    made = [
        ModeratorFactory(conference=row, **{"email": email, "join_url": THERE} | values)
        for row in dates
    ]
    tell(*made)
    return made


def accept_all():
    OutboxEntry.objects.update(state=OutboxEntry.State.DONE)


def markup(response):
    return " ".join(response.content.decode().split())


def standing(email):
    found = Registration.objects.filter(attendee__email=email, removed_at=None)
    return set(found.values_list("conference", flat=True))


def spoken(email):
    found = Moderator.objects.filter(email=email, removed_at=None)
    return set(found.values_list("conference", flat=True))


# Withdrawing -------------------------------------------------------------------------------------


def test_a_person_is_withdrawn_from_all_dates_that_lie_ahead_with_one_mail(client, series):
    past, first, second, third = rows(series)
    ann = put("ann@example.com", past, first, second, third)
    put("bob@example.com", first, second)
    page = client.get(staff_url("series-people", series.pk)).content.decode()
    link = f"{staff_url('series-withdraw', series.pk)}?person={ann.pk}"
    assert f'href="{link}"' in page
    asked = client.get(link)
    shown = text(asked)
    assert "Withdraw First" in shown
    assert "from 3 dates?" in shown
    assert "Notify one person?" in shown
    assert "Cancelled: Course (3 dates)" in shown
    assert "You are no longer registered for these dates" in shown
    assert standing("ann@example.com") == {past.pk, first.pk, second.pk, third.pk}
    fields = {"person": ann.pk, "from": first.pk, "extent": "following", "counted": "1"}
    answer = client.post(staff_url("series-withdraw", series.pk), fields | {"tell": "yes"})
    assert answer.url == staff_url("series-people", series.pk)
    assert standing("ann@example.com") == {past.pk}
    assert standing("bob@example.com") == {first.pk, second.pk}
    accept_all()
    assert sending.send_due() == 1
    (message,) = mail.outbox
    assert message.subject == "Cancelled: Course (3 dates)"
    assert "You are no longer registered for these dates of a series of webinars:" in message.body
    assert "will not take place" not in message.body
    assert Change.objects.filter(action="withdrawn").count() == 3


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        (("invited", "invited"), "You are no longer invited to these dates of a series"),
        (("approval", "approval"), "You are no longer on the list of these dates of a series"),
        (("invited", "registered"), "You are no longer on the list of these dates of a series"),
    ],
)
def test_who_was_not_registered_for_all_dates_is_not_told_that_they_no_longer_are(
    client, series, stages, said
):
    dates = rows(series)[2:]
    ann = put("ann@example.com", *dates)
    for date, stage in zip(dates, stages, strict=True):
        date.registrations.update(stage=stage)
    link = staff_url("series-withdraw", series.pk)
    assert said in text(client.get(link, {"person": ann.pk}))
    client.post(link, {"person": ann.pk, "tell": "yes", "counted": "1"})
    accept_all()
    assert sending.send_due() == 1
    assert said in mail.outbox[0].body


def test_from_the_row_of_one_date_it_reaches_as_far_as_chosen(client, series):
    _past, first, second, third = rows(series)
    put("ann@example.com", first, second, third)
    row = Registration.objects.get(conference=second)
    page = client.get(staff_url("registration-withdraw", row.pk))
    links = re.findall(r'href="([^"]*series/\d+/withdraw/[^"]*)"', page.content.decode())
    assert len(links) == 2  # the following, and all; this one is chosen
    following, everything = (link.replace("&amp;", "&") for link in links)
    assert "from 2 dates?" in text(client.get(following))
    assert "from 3 dates?" in text(client.get(everything))
    asked = client.get(following)
    hidden = re.findall(r'name="(\w+)" hidden[^>]*>([^<]*)<', asked.content.decode())
    client.post(staff_url("series-withdraw", series.pk), dict(hidden) | {"tell": "no"})
    assert standing("ann@example.com") == {first.pk}
    assert not Invitation.objects.exclude(state="sent").exists()


def test_several_are_withdrawn_at_once_each_with_one_mail(client, series):
    _past, first, second, _third = rows(series)
    people = [
        put("ann@example.com", first, second),
        put("bob@example.com", second),
        put("speaks@example.com", first, second),
    ]
    speak("speaks@example.com", first, second)
    put("stays@example.com", first)
    given = {"person": [one.pk for one in people]}
    asked = client.post(staff_url("series-withdraw", series.pk), given)
    assert "Withdraw 3 people from 2 dates?" in text(asked)
    assert "Notify 3 people?" in text(asked)
    assert len(standing("ann@example.com")) == 2
    yes = given | {"tell": "yes", "counted": "3"}
    client.post(staff_url("series-withdraw", series.pk), yes)
    accept_all()
    assert sending.send_due() == 3
    told = {message.to[0]: message for message in mail.outbox}
    assert len(told) == 3
    speaker = next(one for to, one in told.items() if "speaks@" in to)
    assert speaker.subject == "Changed: Course (2 dates)"
    assert "You still run them:" in speaker.body
    assert standing("stays@example.com") == {first.pk}
    assert spoken("speaks@example.com") == {first.pk, second.pk}
    client.post(staff_url("series-withdraw", series.pk), yes)
    assert Invitation.objects.filter(act="withdraw").count() == 5


def test_nobody_ticked_nothing_ahead_and_what_is_no_date_of_it(client, series):
    address = staff_url("series-withdraw", series.pk)
    assert client.post(address, {"person": ["x", "-1"]}).url == staff_url(
        "series-people", series.pk
    )
    ann = AttendeeFactory()
    assert "takes part in these dates" in text(client.get(address, {"person": ann.pk}))
    other = ConferenceFactory()
    assert client.get(address, {"person": ann.pk, "from": other.pk}).status_code == 404
    assert (
        client.get(address, {"person": ann.pk, "back": "https://example.org/"}).status_code == 200
    )
    series.conferences.update(starts_at=clock.now() - timedelta(days=1))
    assert client.get(address, {"person": ann.pk}).status_code == 302


def test_a_date_that_has_begun_reaches_no_other(series):
    past, first, *_rest = rows(series)
    ann = put("ann@example.com", past, first)
    with pytest.raises(NotPossible, match="has begun"):
        service.withdraw(past, Extent.FOLLOWING, [ann.pk], None)
    assert len(standing("ann@example.com")) == 2
    with pytest.raises(NotAllowed):
        service.withdraw(first, Extent.AHEAD, [ann.pk], user_with(roles.VIEWER))


def test_the_page_that_asks_reads_nothing_of_others(client, series):
    counts = []
    ann = put("ann@example.com", *rows(series))
    for number in (2, 30):
        for one in range(number):
            put(f"g{number}-{one}@example.com", *rows(series))
        with CaptureQueriesContext(connection) as seen:
            client.get(staff_url("series-withdraw", series.pk), {"person": ann.pk})
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 22


# Speakers ----------------------------------------------------------------------------------------

IDA = {"name": "Ida Example", "email": "ida@example.com", "role": "presenter"}


def test_a_speaker_is_assigned_to_all_dates_with_one_mail(client, series):
    past, first, second, third = rows(series)
    speak("ida@example.com", second)
    address = staff_url("moderator-assign", first.pk)
    assert 'value="following"' in client.get(address).content.decode()
    given = IDA | {"extent": "following"}
    asked = text(client.post(address, given))
    assert "Assign Ida Example to 2 dates?" in asked
    assert "(2 dates)" in asked
    assert spoken("ida@example.com") == {second.pk}
    done = client.post(address, given | {"tell": "yes", "counted": "1"})
    assert done.url == staff_url("series-people", series.pk)
    assert spoken("ida@example.com") == {first.pk, second.pk, third.pk}
    assert past.pk not in spoken("ida@example.com")
    accept_all()
    Moderator.objects.update(join_url=THERE)
    assert sending.send_due() == 1
    assert mail.outbox[0].subject == "Invitation: Course (2 dates)"
    again = text(client.post(address, given))
    assert "They run all of these dates already." in again


def test_where_a_speaker_is_elsewhere_it_is_said_by_date(client, series):
    _past, first, second, third = rows(series)
    other = ConferenceFactory(title="Elsewhere", starts_at=third.starts_at)
    speak("ida@example.com", other)
    asked = text(
        client.post(staff_url("moderator-assign", first.pk), IDA | {"extent": "following"})
    )
    assert f"{service.named(third)}: " in asked
    assert "is at another webinar: Elsewhere" in asked
    assert f"{service.named(second)}: " not in asked
    assert not spoken("ida@example.com") & {first.pk, second.pk, third.pk}


def test_a_date_on_a_platform_that_takes_nobody_is_left_out_with_the_reason(client, series):
    _past, first, second, third = rows(series)
    sparse = AccountFactory(platform="sparse")
    Conference.objects.filter(pk=second.pk).update(account=sparse)
    given = IDA | {"extent": "following"}
    asked = text(client.post(staff_url("moderator-assign", first.pk), given))
    assert "to 2 dates?" in asked
    assert f"{service.named(second)} is left out: Sparse has no moderators." in asked
    client.post(staff_url("moderator-assign", first.pk), given | {"tell": "no"})
    assert spoken("ida@example.com") == {first.pk, third.pk}
    Conference.objects.filter(series=series).update(account=sparse)
    with pytest.raises(NotPossible, match="Sparse has no moderators"):
        service.assign(first, Extent.AHEAD, by=None, **IDA | {"email": "new@example.com"})


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(client, series):
    first = rows(series)[1]
    given = IDA | {"extent": "following", "email": "nobody"}
    answer = client.post(staff_url("moderator-assign", first.pk), given)
    assert answer.status_code == 422
    speak("ida@example.com", first)
    answer = client.post(staff_url("moderator-assign", first.pk), IDA | {"extent": "one"})
    assert answer.status_code == 422
    assert "among the moderators already" in text(answer)
    assert spoken("ida@example.com") == {first.pk}


def test_a_role_is_changed_where_it_is_the_same(client, series):
    _past, first, second, third = rows(series)
    here, _there, host = speak("ida@example.com", first, second, third, name="Ida")
    Moderator.objects.filter(pk=host.pk).update(name="Dr Ida")
    address = staff_url("moderator-edit", first.pk, here.pk)
    assert 'value="ahead"' in client.get(address).content.decode()
    answer = client.post(address, {"name": "Ida B", "role": "host", "extent": "following"})
    assert answer.status_code == 302
    assert "Saved for 3 dates." in text(client.get(answer.url))
    found = Moderator.objects.filter(email="ida@example.com").order_by("conference__starts_at")
    assert list(found.values_list("name", "role")) == [
        ("Ida B", "host"),
        ("Ida B", "host"),
        ("Dr Ida", "host"),
    ]
    client.post(address, {"name": "Ida C", "role": "host", "extent": "one"})
    assert Moderator.objects.filter(name="Ida C").count() == 1


def test_a_speaker_is_taken_off_all_dates_with_one_mail(client, series):
    past, first, second, third = rows(series)
    _before, here, *_others = speak("ida@example.com", past, first, second, third)
    put("ida@example.com", third)
    address = staff_url("moderator-unassign", first.pk, here.pk)
    assert f'href="{address}?extent=following"' in client.get(address).content.decode()
    asked = text(client.get(address, {"extent": "following"}))
    assert "off 3 dates?" in asked
    assert "Notify one person?" in asked
    done = client.post(address, {"extent": "following", "tell": "yes", "counted": "1"})
    assert done.url == staff_url("series-people", series.pk)
    assert spoken("ida@example.com") == {past.pk}
    accept_all()
    assert sending.send_due() == 1
    (message,) = mail.outbox
    assert message.subject == "Changed: Course (3 dates)"
    assert message.body.count("You no longer take part.") == 2


def test_a_question_about_several_dates_is_headed_by_the_series_and_by_none_of_them(client, series):
    _past, first, _second, third = rows(series)
    (here,) = speak("eve@example.com", first)
    speak("eve@example.com", third)
    Conference.objects.filter(pk=first.pk).update(title="Course: the beginning")
    several = {"extent": "following"}
    pages = [
        client.post(staff_url("moderator-assign", first.pk), IDA | several),
        client.get(staff_url("moderator-unassign", first.pk, here.pk), several),
        client.get(staff_url("conference-cancel", first.pk), several),
    ]
    for page in pages:
        lead = re.search(r'<p class="page-lead.*?</p>|<div class="page-lead.*?</div>', markup(page))
        assert lead, page
        assert re.sub(r"<[^>]+>", " ", lead[0]).split() == ["Course"]
    for page in pages[1:]:
        assert f"Only {service.named(first)}" in text(page)
        assert "This date only" not in text(page)


def test_whoever_may_only_look_changes_nothing(client_as, series):
    first = rows(series)[1]
    (here,) = speak("ida@example.com", first)
    viewer = client_as(roles.VIEWER)
    address = staff_url("moderator-unassign", first.pk, here.pk)
    assert viewer.post(address, {"extent": "following", "tell": "no"}).status_code == 403
    with pytest.raises(NotAllowed):
        service.unassign(here, Extent.ONE, user_with(roles.VIEWER))
    assert spoken("ida@example.com") == {first.pk}

"""A registration page is of no use where its platform takes nobody: that is said, and put right."""

import pytest

from portal.common.errors import NotPossible
from portal.conferences.audience.services import invite, registration_pages
from portal.conferences.models import Conference, RegistrationPage
from portal.conferences.people.services import selection
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from tests.factories import AccountFactory, ConferenceFactory, SeriesFactory

pytestmark = pytest.mark.django_db
OPEN = {
    "open": "on",
    "dates": "all",
    "reach": "public",
    "waitlist": "on",
    "version": "0",
    "questions-TOTAL_FORMS": "0",
    "questions-INITIAL_FORMS": "0",
}
OFF = "Registration is off on the platform"


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture(params=["webinar", "series"])
def where(request, url):
    """The address of the page, and its dates, at all of which the platform takes nobody."""
    if request.param == "webinar":
        row = ConferenceFactory()
        return url("registration-page", row.pk), [row]
    series = SeriesFactory()
    rows = [ConferenceFactory(series=series) for _ in range(2)]
    ConferenceFactory(series=series, registration_enabled=True)
    return url("series-registration-page", series.pk), rows


def test_it_says_so_and_switches_registration_on_when_the_page_opens(staff, where):
    address, rows = where
    shown = staff.get(address).content.decode()
    assert OFF in shown
    assert "ClickMeeting takes nobody who registers here" in shown
    done = staff.post(address, OPEN | {"switch_on": "on"}, follow=True).content.decode()
    assert "The page is open, and registration is switched on at ClickMeeting too." in done
    assert OFF not in done
    assert not Conference.objects.filter(registration_enabled=False).exists()
    # ClickMeeting is told of it.
    told = OutboxEntry.objects.filter(kind="conference").values_list("local_id", flat=True)
    assert sorted(told) == sorted(row.pk for row in rows)


def test_without_it_the_page_does_not_open(staff, where):
    address, rows = where
    refused = staff.post(address, OPEN)
    assert refused.status_code == 422
    assert "takes no registrations while registration is off" in refused.content.decode()
    assert not RegistrationPage.objects.filter(open=True).exists()
    assert Conference.objects.filter(registration_enabled=False).count() == len(rows)


def test_a_closed_page_needs_nothing(staff, where):
    address, rows = where
    closed = {name: value for name, value in OPEN.items() if name != "open"}
    assert staff.post(address, closed).status_code == 302
    assert Conference.objects.filter(registration_enabled=False).count() == len(rows)


@pytest.mark.parametrize("platform", ["livewebinar", "myownconference", "trueconf", "webinarfuel"])
def test_where_there_is_no_such_switch_nothing_is_said(staff, url, platform):
    row = ConferenceFactory(account=AccountFactory(platform=platform))
    assert OFF not in staff.get(url("registration-page", row.pk)).content.decode()


def test_an_invitation_on_trueconf_opens_no_page_of_trueconfs_own(staff, staff_user, url):
    """TrueConf invites whom it is told to, whether or not people may register there themselves."""
    row = ConferenceFactory(account=AccountFactory(platform="trueconf"))
    preview = staff.post(url("invite", row.pk), {"who": "ann@example.com", "action": "preview"})
    assert "takes nobody until it is on" not in preview.content.decode()
    invite.send(row, selection.gather("ann@example.com"), by=staff_user)
    row.refresh_from_db()
    assert row.registration_enabled is False


@pytest.mark.parametrize(("kind", "said"), [("meeting", True), ("webinar", False)])
def test_whom_trueconf_does_not_take_stands_there_before(staff, url, kind, said):
    """Strangers were asked, or registered, and each of them refused."""
    words = "This is a meeting of users, which guests cannot enter"
    row = ConferenceFactory(account=AccountFactory(platform="trueconf"), room_type=kind)
    page = staff.get(url("registration-page", row.pk)).content.decode()
    asks = staff.post(url("invite", row.pk), {"who": "ann@example.com", "action": "preview"})
    assert (words in page) is (words in asks.content.decode()) is said


def test_the_service_refuses_as_well(staff_user):
    row = ConferenceFactory()
    page = registration_pages.of(row)
    values = {name: getattr(page, name) for name in registration_pages.SETTINGS} | {"open": True}
    with pytest.raises(NotPossible):
        registration_pages.save(row, values, [], staff_user, switch_on=False)
    assert registration_pages.save(row, values, [], staff_user).open

"""Pages say what is so: of rooms that are gone, of times that are past, of all that is wrong."""

import uuid
from datetime import timedelta

import pytest

from integrations import registry
from integrations.base.capabilities import Topic
from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import rules
from portal.conferences.models import Conference
from portal.identity import roles
from portal.staff.webinars.presenters.pages import access_facts
from portal.sync.models import PlatformLink
from portal.sync.services import actions as operations
from portal.sync.services.actions import Subject
from tests.factories import AccountFactory, ConferenceFactory

pytestmark = pytest.mark.django_db
STATES = {
    "cancelled": {"removed_at": True},
    "gone": {"gone_at": True},
    "draft": {"draft": True},
    "ended": {"starts_at": -3},
}
SLUGS = registry.slugs()


def in_state(account, state):
    moment = clock.now()
    given = {
        name: moment if value is True and name.endswith("_at") else value
        for name, value in STATES[state].items()
    }
    if "starts_at" in given:
        given["starts_at"] = moment + timedelta(days=-3)
    return ConferenceFactory(account=account, **given)


@pytest.mark.parametrize("state", STATES)
def test_a_webinar_that_cannot_be_entered_has_no_open_room(account, client_as, url, state):
    row = in_state(account, state)
    assert dict(access_facts(row, {}, client_as(roles.STAFF).user))["Room"] != "Open"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_is_started_where_there_is_no_room(slug, state, staff_user, client_as, url):
    account = AccountFactory(platform=slug, label=slug)
    row = in_state(account, state)
    PlatformLink.objects.create(
        account=account, kind=Kind.CONFERENCE, local_id=row.pk, external_id="9"
    )
    subject, offered = Subject(account, Kind.CONFERENCE, row.pk), account.capabilities.actions
    acts = [
        one
        for one in offered.values()
        if one.of is Kind.CONFERENCE and one.ability.offered and not (one.reads or one.download)
    ]
    off = [one for one in acts if one.topic in (Topic.LIVE, Topic.LETTERS)]
    if state == "ended":  # what still runs may be finished, and somebody removed
        off = [one for one in off if one.name == "start" or one.topic is Topic.LETTERS]
    client = client_as(roles.STAFF)
    live = client.get(url("conference-live", row.pk)).content.decode()
    for action in off:
        with pytest.raises(NotPossible) as refusal:
            operations.perform(subject, action.name, {}, staff_user)
        assert "webinar" in refusal.value.sentence or "draft" in refusal.value.sentence
        if action.topic is Topic.LIVE and not action.target:
            address = f'/ask/conference/{row.pk}/{action.name}/"'
            assert address not in live, f"{action.label} is offered"


@pytest.mark.parametrize("slug", SLUGS)
def test_the_review_promises_a_room_only_where_one_can_be_made(slug, client_as, url):
    account = AccountFactory(platform=slug, label=slug, synced_at=clock.now())
    page = client_as(roles.STAFF).get(url("schedule"), {"account": account.pk}).content.decode()
    able = not rules.reason_against(account, Kind.CONFERENCE, "create")
    assert ("makes the room" in page) == able


def form(account, **changes):
    day = clock.now() + timedelta(days=4)
    values = {
        "account": account.pk,
        "title": "A new one",
        "room_type": "webinar",
        "access": "open",
        "timezone": "Europe/Berlin",
        "date": f"{day:%Y-%m-%d}",
        "time": "14:30",
        "duration_minutes": "45",
        "moderators-count": "1",
        "uid": str(uuid.uuid4()),
    }
    return values | changes


def test_all_that_is_wrong_is_said_at_once(account, client_as, url):
    past = f"{clock.now() - timedelta(days=2):%Y-%m-%d}"
    wrong = form(
        account,
        title="",
        date=past,
        access="password",
        password="",
        duration_minutes="100000",
        schedule="yes",
    ) | {
        "moderators-0-name": "Ann",
        "moderators-0-email": "not an address",
        "moderators-0-role": "host",
    }
    answer = client_as(roles.STAFF).post(url("schedule"), wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in (
        "This field is required",
        "in the past",
        "password that people will need",
        "must have an @-sign",
    ):
        assert said in page, said
    assert not Conference.objects.exists()


@pytest.mark.parametrize("missing", ["date", "time"])
def test_half_a_start_is_said_once_and_with_the_rest(account, client_as, url, missing):
    wrong = form(account, access="password", schedule="yes", **{missing: ""})
    page = client_as(roles.STAFF).post(url("schedule"), wrong).content.decode()
    assert "password that people will need" in page
    assert "Please say when it starts" not in page


def test_a_draft_in_the_past_is_remarked_before_and_after(account, client_as, url):
    client = client_as(roles.STAFF)
    past = f"{clock.now() - timedelta(days=2):%Y-%m-%d}"
    typed = form(account, date=past)
    before = client.post(url("schedule"), typed | {"refresh": "clock"}).content.decode()
    assert "This time is in the past" in before
    after = client.post(url("schedule"), typed | {"draft": "yes"}, follow=True).content.decode()
    assert "Saved as a draft" in after
    assert "Its time is in the past" in after
    ahead = client.post(url("schedule"), form(account, draft="yes"), follow=True).content.decode()
    assert "in the past" not in ahead


def test_an_old_webinar_can_be_looked_at_without_a_remark(account, client_as, url):
    row = ConferenceFactory(account=account, starts_at=clock.now() - timedelta(days=2))
    page = client_as(roles.STAFF).get(url("conference-edit", row.pk)).content.decode()
    assert "This time is in the past" not in page


def test_what_can_be_started_is_offered(client_as, url):
    account = AccountFactory(platform="trueconf", label="TrueConf")
    row = ConferenceFactory(account=account)
    live = client_as(roles.STAFF).get(url("conference-live", row.pk)).content.decode()
    assert f'/ask/conference/{row.pk}/start/"' in live

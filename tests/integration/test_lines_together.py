"""The sync lines of several kinds, asked for at once: the same as one by one, for less."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.audience.queries import page
from portal.conferences.models import Conference
from portal.outbox.models import OutboxEntry
from portal.sync.models import Conflict, Hold, PlatformLink
from portal.sync.queries import chips, lines
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    ModeratorFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db


def webinar(people):
    """A webinar with people, of whom one is refused, one asked about and one held, by the same
    numbers in every kind."""
    account = AccountFactory(synced_at=clock.now())
    conference = ConferenceFactory(account=account)
    rows = {
        Kind.CONFERENCE: [conference],
        Kind.MODERATOR: ModeratorFactory.create_batch(people, conference=conference),
        Kind.REGISTRATION: RegistrationFactory.create_batch(people, conference=conference),
    }
    for kind, some in rows.items():
        for row in some:
            PlatformLink.objects.create(
                account=account, kind=kind, local_id=row.pk, external_id=f"{kind}-{row.pk}"
            )
    registrations = rows[Kind.REGISTRATION]
    about = {"account": account, "kind": Kind.REGISTRATION}
    OutboxEntry.objects.create(
        **about,
        local_id=registrations[0].pk,
        verb="push",
        state="failed",
        not_before=clock.now(),
        created_at=clock.now(),
    )
    moderator = PlatformLink.objects.get(kind=Kind.MODERATOR, local_id=rows[Kind.MODERATOR][1].pk)
    Conflict.objects.create(
        account=account,
        link=moderator,
        kind=Kind.MODERATOR,
        local_id=moderator.local_id,
        sort=Conflict.Sort.FIELD,
        field="name",
        at=clock.now(),
    )
    Hold.objects.create(**about, missing=[{"local_id": registrations[2].pk}], since=clock.now())
    return rows


def read(rows):
    """The same rows as pages have them: parts with their webinar, registrations with people."""
    conference = Conference.objects.select_related("account").get()
    return {
        Kind.CONFERENCE: [conference],
        Kind.MODERATOR: list(conference.moderators.all()),
        Kind.REGISTRATION: list(conference.registrations.select_related("attendee")),
    }


def statements(asked):
    with CaptureQueriesContext(connection) as seen:
        lines(asked)
    return len(seen)


def test_lines_of_several_kinds_are_those_of_each():
    rows = webinar(3)
    found = lines(read(rows))
    assert found == {kind: chips(kind, [row.pk for row in some]) for kind, some in rows.items()}
    refused, _, braked = found[Kind.REGISTRATION].values()
    _, disputed, _ = found[Kind.MODERATOR].values()
    assert (refused.state, braked.state, disputed.state) == ("failed", "held", "conflict")


def test_several_kinds_and_many_rows_take_the_statements_of_one():
    rows = webinar(12)
    asked = read(rows)
    one = {Kind.REGISTRATION: asked[Kind.REGISTRATION][:3]}
    assert statements(one) == statements(asked) == 5
    Hold.objects.all().delete()
    assert statements(asked) == 4  # what the brake holds is only read where it holds


def test_a_table_is_counted_anew_only_where_less_than_all_is_asked_for():
    conference = webinar(3)[Kind.CONFERENCE][0]
    name = conference.registrations.first().attendee.email
    with CaptureQueriesContext(connection) as seen:
        assert (
            page(conference, {}, {"": 200}).paginator.count == 3
        )  # a list of one page counts itself
    assert len(seen) == 2
    assert page(conference, {"rpage": "2"}, {"": 200}).paginator.count == 200
    assert page(conference, {"rpage": "2", "rq": name}, {"": 200}).paginator.count == 1

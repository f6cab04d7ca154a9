"""What is said of a record that the platform has no longer is true."""

import pytest

from integrations.sandbox import Sandbox
from portal.common import clock
from portal.conferences.audience.services import invite
from portal.conferences.models import Conference
from portal.conferences.people.services import selection
from portal.conferences.schedule.services import schedule
from portal.sync.models import Conflict
from tests import profiles
from tests.integration.test_five_platforms import connect
from tests.integration.test_sync_others_work import MAKES_WEBINARS, sync
from tests.support.mails import book, edit, planned

pytestmark = pytest.mark.django_db
EDITED = "had been edited here"


@pytest.mark.parametrize(("slug", "edited"), profiles.pairs(MAKES_WEBINARS, [False, True]))
def test_a_webinar_is_said_to_be_edited_only_where_it_was(slug, edited, sandbox, staff_user):
    account = connect(sandbox, slug, users="yes")
    for title in ("Another one", "A third one"):
        planned(account, staff_user, title=title)
    row = book(account, staff_user)
    edit(sandbox, account, "delete")
    if edited:
        schedule.reschedule(row, {"title": "Ours"}, staff_user, row.version)
    for _ in range(3):
        sync(account)
    said = Conflict.objects.get(sort=Conflict.Sort.GONE, local_id=row.pk).sentence
    assert (EDITED in said) is edited


def test_a_registration_that_was_cancelled_there_was_not_edited_here(staff_user):
    with Sandbox(seed=True).start() as seeded:
        account = connect(seeded, "webinarfuel")
        sync(account)
        coming = Conference.objects.filter(account=account, starts_at__gt=clock.now())
        row = coming.order_by("starts_at").first()
        invite.send(row, selection.gather("Bob Two <bob@example.org>"), by=staff_user)
        for _ in range(2):
            sync(account)
        edit(seeded, account, "cancel", title=row.title, email="bob@example.org")
        for _ in range(3):
            sync(account)
    said = Conflict.objects.get(sort=Conflict.Sort.GONE, kind="registration").sentence
    assert EDITED not in said

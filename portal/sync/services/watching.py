"""Have the lists of a webinar read now, since somebody looks at it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from portal.common import clock
from portal.conferences.models import Conference
from portal.identity import roles
from portal.sync import live
from portal.sync.models import PlatformLink, Watched
from portal.sync.queries.watching import watching
from portal.sync.services.runs import enqueue_live


def ask_for_lists(conference: Conference, by: User | None) -> bool:
    """Ask for the lists of a webinar to be read now; whether that is under way or was asked for.

    However many look, it is asked for once, and not again within a minute. Nothing is asked of an
    account that is left alone. Raises NotAllowed.
    """
    roles.require(by, roles.VIEWER)
    seen = watching(conference)
    if seen is None or not seen.stale:
        return seen is not None and seen.under_way
    moment = clock.now()
    with transaction.atomic():
        _want(seen.link, moment)
        account = conference.account
        if live.claimed(account.pk, moment):
            transaction.on_commit(lambda: enqueue_live(account))
    return True


def _want(link: PlatformLink, moment: datetime) -> None:
    """One row for each webinar: who asks at the same moment finds it."""
    if not Watched.objects.filter(pk=link.pk).update(wanted_at=moment):
        Watched.objects.bulk_create([Watched(link=link, wanted_at=moment)], ignore_conflicts=True)

"""Tell people of changes made on the platform, where an account is set to do so without asking."""

from django.db import transaction

from portal.conferences import sentences
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import Act, Telling
from portal.conferences.models import Conference
from portal.conferences.schedule.services import answer_changes, cancel, platform_changes
from portal.platforms.models import PlatformAccount


def tell(account: PlatformAccount) -> None:
    """Answer what is open: another time or title, and webinars that were deleted there, which
    count as cancelled then. Called when a sync has ended; what it did not reach, the next one does.
    """
    if account.changes_there != account.ChangesThere.TELL:
        return
    for change in platform_changes.waiting().filter(conference__account=account):
        with transaction.atomic():
            answer_changes.carry_out(change, Telling(), None)
    gone = Conference.objects.filter(account=account, removed_at=None, gone_at__isnull=False)
    for row in gone.filter(draft=False):
        if any(one.email for one in mails.must_hear(row, Act.CANCEL)):
            reason = sentences.DELETED_THERE(platform=account.platform_name)
            cancel.accept_gone(row, None, reason, notify=True)

"""What the worker does for people: send the mails that are due, and keep the numbers right."""

from celery import shared_task

from portal.conferences import tallies
from portal.conferences.mails import services as mails
from portal.platforms import generation


@shared_task(name="portal.conferences.tasks.send_mails")  # type: ignore[untyped-decorator]
def send_mails() -> int:
    """Send what is due; the message only notifies, and may be lost or doubled."""
    if not generation.tick():
        return 0  # the database was restored: the sync's clock puts what waits in doubt
    return mails.send_due()


@shared_task(name="portal.conferences.tasks.recount")  # type: ignore[untyped-decorator]
def recount() -> None:
    """Mend the numbers by which lists are sorted, should one of them have been missed."""
    tallies.recount()

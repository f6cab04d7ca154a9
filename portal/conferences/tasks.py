"""What the worker does for people: send the mails that are due."""

from celery import shared_task

from portal.conferences.services import mails


@shared_task(name="portal.conferences.tasks.send_mails")  # type: ignore[untyped-decorator]
def send_mails() -> int:
    """Send what is due; the message is a poke, and may be lost or doubled."""
    return mails.send_due()

"""What is tidied up by itself."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessLog
from celery import shared_task
from django.contrib.sessions.models import Session

from portal.common import clock

KEPT = timedelta(days=90)  # who signed in when, and who tried


@shared_task  # type: ignore[untyped-decorator]
def forget_sessions() -> None:
    """Remove sessions that have ended, and what is known of old attempts to sign in."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    for model in (AccessAttempt, AccessLog):
        model.objects.filter(attempt_time__lt=clock.now() - KEPT).delete()

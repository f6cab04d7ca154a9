"""The messages to people about a conference: queued here, written and sent by the worker."""

from portal.conferences.services.mails.news import Line, between
from portal.conferences.services.mails.preview import Preview, Sample, outlook, preview
from portal.conferences.services.mails.queue import (
    WITHDRAWN,
    Telling,
    audience_size,
    drop_waiting,
    queue_invitations,
    queue_platform_change,
    ring,
    tell,
)
from portal.conferences.services.mails.recipients import FOR_ONE, UNSENT, Act, Recipient, must_hear
from portal.conferences.services.mails.sending import send_due

__all__ = [
    "FOR_ONE",
    "UNSENT",
    "WITHDRAWN",
    "Act",
    "Line",
    "Preview",
    "Recipient",
    "Sample",
    "Telling",
    "audience_size",
    "between",
    "drop_waiting",
    "must_hear",
    "outlook",
    "preview",
    "queue_invitations",
    "queue_platform_change",
    "ring",
    "send_due",
    "tell",
]

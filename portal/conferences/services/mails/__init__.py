"""The messages to people about a conference: queued here, written and sent by the worker."""

from portal.conferences.services.mails.queue import (
    audience_size,
    drop_waiting,
    queue_cancel,
    queue_invitations,
    queue_update,
    queue_withdrawal,
    ring,
)
from portal.conferences.services.mails.sending import send_due

__all__ = [
    "audience_size",
    "drop_waiting",
    "queue_cancel",
    "queue_invitations",
    "queue_update",
    "queue_withdrawal",
    "ring",
    "send_due",
]

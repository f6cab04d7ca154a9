"""The messages to people about a conference: queued here, written and sent by the worker."""

from portal.conferences.mails.services import series_reminders
from portal.conferences.mails.services.copies import SentMail, forget_unused, sent_mail
from portal.conferences.mails.services.news import NewsLine, between
from portal.conferences.mails.services.preview import (
    Addressed,
    Preview,
    Sample,
    notified_now,
    outlook,
    preview,
    preview_queued,
)
from portal.conferences.mails.services.preview_poll import preview_poll, preview_queued_poll
from portal.conferences.mails.services.preview_several import (
    Part,
    preview_invitation,
    preview_several,
)
from portal.conferences.mails.services.queue import (
    Telling,
    drop_waiting,
    follow_address,
    notify_worker,
    queue_invitations,
    tell,
    tell_after_all,
    without_waiting,
)
from portal.conferences.mails.services.recipients import FOR_ONE, Act, Recipient, must_hear
from portal.conferences.mails.services.sending import SILENT_AFTER, overdue, send_due, trouble
from portal.conferences.mails.services.told import UNSENT

__all__ = [
    "FOR_ONE",
    "SILENT_AFTER",
    "UNSENT",
    "Act",
    "Addressed",
    "NewsLine",
    "Part",
    "Preview",
    "Recipient",
    "Sample",
    "SentMail",
    "Telling",
    "between",
    "drop_waiting",
    "follow_address",
    "forget_unused",
    "must_hear",
    "notified_now",
    "notify_worker",
    "outlook",
    "overdue",
    "preview",
    "preview_invitation",
    "preview_poll",
    "preview_queued",
    "preview_queued_poll",
    "preview_several",
    "queue_invitations",
    "send_due",
    "sent_mail",
    "series_reminders",
    "tell",
    "tell_after_all",
    "trouble",
    "without_waiting",
]

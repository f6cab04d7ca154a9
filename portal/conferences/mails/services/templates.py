"""Write mails' templates, look at them beforehand, and send one to oneself."""

import logging
import smtplib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from integrations.base.records import instant
from portal.common import clock, languages
from portal.common.errors import NotPossible
from portal.conferences.mails.services import letters, news, placeholders
from portal.conferences.mails.services.asking import Asking
from portal.conferences.mails.services.preview import Sample
from portal.conferences.mails.services.sender import header_safe
from portal.conferences.models import Conference, DatePoll, Invitation, MailTemplate
from portal.identity import roles
from portal.platforms.models import PlatformAccount

log = logging.getLogger(__name__)
Kind, Purpose = MailTemplate.Purpose, Invitation.Purpose
_PURPOSES = {Kind.SPEAKER: Purpose.INVITE}
_WRITTEN = ("purpose", "language", "account", "subject", "text", "button")


def save(
    values: Mapping[str, Any], by: User | None, template: MailTemplate | None = None
) -> MailTemplate:
    """Keep a template: a new one, or `template` with other values. Raises NotPossible with what is
    wrong beside its field, NotAllowed."""
    roles.require(by)
    row = template or MailTemplate()
    for name in _WRITTEN:
        if name in values:
            setattr(row, name, values[name])
    if errors := problems(row.purpose, row.subject, row.text, row.language):
        raise NotPossible(_("The template was not saved."), errors)
    new = row.pk is None
    row.changed_at, row.changed_by = clock.now(), by
    try:
        with transaction.atomic():
            row.save()
            _log(row, ADDITION if new else CHANGE, by)
    except IntegrityError:
        said = _("There is such a template already: change that one.")
        raise NotPossible(said, {"language": [said]}) from None
    return row


def problems(purpose: str, subject: str, text: str, language: str) -> dict[str, list[str]]:
    """All that is wrong with a template, by field."""
    if purpose not in Kind.values:
        return {"purpose": [_("Choose what the mail is for.")]}
    found = {
        "subject": placeholders.subject_problems(purpose, subject),
        "text": placeholders.text_problems(purpose, text),
        "language": [] if language in languages.CODES else [_("Lectern knows no such language.")],
    }
    if not subject.strip():
        found["subject"].append(_("Write a subject."))
    if not text.strip():
        found["text"] = [_("Write a text.")]
    return {name: some for name, some in found.items() if some}


def remove(template: MailTemplate, by: User | None) -> None:
    """Go back to Lectern's own words, or to the template for all accounts. Raises NotAllowed."""
    roles.require(by)
    with transaction.atomic():
        _log(template, DELETION, by)
        template.delete()


def sample(template: MailTemplate, name: str, email: str) -> Sample:
    """A mail as the template would have it, to somebody; of a webinar that is coming, or of one
    that is made up."""
    message = letters.write(_content(template, name, email))
    return Sample(email, str(message.subject), str(message.body))


def send_test(template: MailTemplate, by: User) -> str:
    """Send that mail to whoever asks, by the mail server and the sender that all mails have;
    answers the address. Raises NotPossible, NotAllowed."""
    roles.require(by)
    if not by.email:
        raise NotPossible(_("Your user has no e-mail address: an administrator can enter one."))
    errors = problems(template.purpose, template.subject, template.text, template.language)
    if errors:
        raise NotPossible(_("Nothing was sent."), errors)
    connection = mail.get_connection()
    content = _content(template, by.get_full_name(), by.email)
    try:
        letters.write(content, None, connection).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        log.warning("a test of a mail's template was not sent: %s", type(error).__name__)
        said = _("The mail server did not take the test: %(answer)s")
        answer = header_safe(str(error))[:200] or type(error).__name__
        raise NotPossible(said % {"answer": answer}) from None
    return by.email


def _content(template: MailTemplate, name: str, email: str) -> letters.Content:
    row = _conference(template.account)
    kind = Kind(template.purpose)
    if kind in (Kind.ASK, Kind.OUTCOME):
        return _of_poll(template, row, name, email)
    if kind is Kind.CANCEL:
        row.removed_at = clock.now()
    old = {}
    if kind is Kind.UPDATE and row.starts_at is not None:
        old = {"starts_at": instant(row.starts_at - timedelta(days=1))}
    return letters.Content(
        conference=row,
        purpose=_PURPOSES.get(kind, template.purpose),
        email=email,
        name=name,
        link=f"{settings.PUBLIC_URL}/join/…/",
        old=old,
        speaking=kind is Kind.SPEAKER,
        language=template.language,
        template=letters.Words(template.subject, template.text, template.button),
    )


def _of_poll(template: MailTemplate, row: Conference, name: str, email: str) -> letters.Content:
    """What a poll would say that leads to a webinar, or has led to it."""
    start = row.starts_at or clock.now()
    poll = DatePoll(
        account=row.account,
        title=row.title,
        duration_minutes=row.duration_minutes or 60,
        timezone=row.timezone,
        note=row.description,
        answer_until=clock.now() + timedelta(days=3),
    )
    if template.purpose == Kind.OUTCOME:
        poll.found, poll.closed_at, poll.conference = True, clock.now(), row
    return letters.Content(
        conference=row,
        purpose=template.purpose,
        email=email,
        name=name,
        link=f"{settings.PUBLIC_URL}/dates/…/",
        entry=False,
        poll=Asking(poll, [start + timedelta(days=days) for days in range(3)]),
        language=template.language,
        template=letters.Words(template.subject, template.text, template.button),
    )


def _conference(account: PlatformAccount | None) -> Conference:
    """The next webinar, not to be saved; a made-up one where none is coming."""
    rows = Conference.objects.filter(draft=False, removed_at=None, gone_at=None)
    if account is not None:
        rows = rows.filter(account=account)
    coming = rows.filter(starts_at__gt=clock.now()).select_related("account")
    if found := coming.order_by("starts_at").first():
        return news.with_values(found, {})
    start = (clock.now() + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)
    return Conference(
        account=account or PlatformAccount.objects.first() or PlatformAccount(),
        title=_("Example of a webinar"),
        starts_at=start,
        duration_minutes=60,
        timezone=settings.TIME_ZONE,
    )


def _log(row: MailTemplate, flag: int, by: User | None) -> None:
    if by is not None:
        LogEntry.objects.log_actions(by.pk, [row], flag, single_object=True)

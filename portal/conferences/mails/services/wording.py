"""In which language, and in whose words, somebody is written to."""

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.db.models import Q

from portal.common import languages
from portal.conferences.mails.services.letters import Content, Words
from portal.conferences.mails.services.participants import Row
from portal.conferences.models import Invitation, MailTemplate, Registration
from portal.platforms.models import PlatformAccount

Purpose, Kind = Invitation.Purpose, MailTemplate.Purpose


def dress(content: Content, row: Row) -> Content:
    """The message in its reader's language: the person's, the account's, or the installation's. The
    first of them counts in which there are words: a template of staff's, or Lectern's own."""
    return dress_for(content, row.attendee.language if isinstance(row, Registration) else "")


def dress_for(content: Content, person: str) -> Content:
    """The same for somebody of whom the language is known, or empty."""
    account = content.conference.account
    wanted = languages.alternatives(person, account.language, settings.LANGUAGE_CODE)
    kind = kind_of(content)
    templates = _for(account, kind, wanted) if kind else {}
    for language in wanted:
        if template := templates.get(language):
            return replace(content, language=language, template=words_of(template))
        if languages.is_ours(language):
            return replace(content, language=language)
    return replace(content, language=settings.LANGUAGE_CODE)


def in_our_words(content: Content, row: Row | None) -> Content:
    """The message in the first of its reader's languages in which Lectern has words of its own:
    there are no templates for a message about several dates."""
    person = row.attendee.language if isinstance(row, Registration) else ""
    wanted = languages.alternatives(
        person, content.conference.account.language, settings.LANGUAGE_CODE
    )
    found = next((one for one in wanted if languages.is_ours(one)), settings.LANGUAGE_CODE)
    return replace(content, language=found, template=None)


def as_one(found: list[tuple[Invitation, Content]]) -> list[tuple[Invitation, Content]]:
    """Messages that leave as one, in the words of one."""
    if len(found) < 2:
        return found
    rows = ((letter, letter.registration or letter.moderator, one) for letter, one in found)
    return [(letter, in_our_words(one, row) if row else one) for letter, row, one in rows]


def words_of(template: MailTemplate) -> Words:
    """What a template says."""
    return Words(template.subject, template.text, template.button)


def kind_of(content: Content) -> str:
    """Which templates it may be written by; empty where Lectern's own words alone say what it is
    about: that one person's part has ended, has become another, or is still to begin."""
    if content.waits:
        return ""
    if content.purpose == Purpose.INVITE:
        return Kind.SPEAKER if content.speaking else Kind.INVITE
    if content.left or (content.purpose == Purpose.CANCEL and not content.called_off):
        return ""
    return Kind(content.purpose)


def _for(account: PlatformAccount, kind: str, wanted: Iterable[str]) -> dict[str, MailTemplate]:
    """Language -> the template to use; an account's own goes before that for all."""
    rows = MailTemplate.objects.filter(
        Q(account=None) | Q(account=account.pk), purpose=kind, language__in=list(wanted)
    )
    return {row.language: row for row in sorted(rows, key=lambda row: row.account_id is not None)}

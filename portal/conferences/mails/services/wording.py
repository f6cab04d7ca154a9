"""In which language somebody is written to."""

from dataclasses import replace

from django.conf import settings

from portal.common import languages
from portal.conferences.mails.services.letters import Content
from portal.conferences.mails.services.recipients import Row
from portal.conferences.models import Registration


def dress(content: Content, row: Row) -> Content:
    """The message in its reader's language: the person's, the account's, or the installation's;
    the first of them in which Lectern has words."""
    person = row.attendee.language if isinstance(row, Registration) else ""
    account = content.conference.account
    wanted = languages.alternatives(person, account.language, settings.LANGUAGE_CODE)
    spoken = next((one for one in wanted if languages.is_ours(one)), settings.LANGUAGE_CODE)
    return replace(content, language=spoken)

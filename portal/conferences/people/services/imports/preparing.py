"""Read a list and keep it for the preview; read it anew where staff know better."""

from dataclasses import replace

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from portal.common.errors import NotPossible
from portal.common.reader.apart import read_apart
from portal.common.reader.reading import Choices
from portal.common.reader.tables import LARGEST_FILE
from portal.conferences.models import AttendeeGroup, Conference
from portal.conferences.people.services import fields
from portal.conferences.people.services.imports import drafts
from portal.identity import roles


def prepare(
    *,
    by: User,
    content: bytes = b"",
    text: str = "",
    name: str = "",
    group: AttendeeGroup | None = None,
    new_group: str = "",
    conference: Conference | None = None,
) -> str:
    """Read a file's content, or text; answers the token of its preview. Nothing is saved yet.

    Raises NotPossible where nothing can be read, NotAllowed.
    """
    roles.require(by)
    own = [[one.key, one.label, one.kind, [*one.choices]] for one in fields.columns()]
    choices = Choices(pasted=not content, own=own)
    content = content or text.encode(errors="replace")
    if len(content) > LARGEST_FILE:
        raise NotPossible(_("The text is larger than 10 MB. Divide it and import the parts."))
    draft = drafts.Draft(
        user_id=by.pk,
        name=name or _("Pasted list"),
        choices=choices,
        group_id=group.pk if group else None,
        new_group=new_group,
        conference_id=conference.pk if conference else None,
    )
    token = drafts.keep_upload(content)
    try:
        _read(token, draft)
    except BaseException:
        drafts.forget(token)
        raise
    return token


def reread(token: str, by: User | None, choices: Choices) -> None:
    """Read the same upload as the choices say. Raises NotPossible; the preview stays then."""
    roles.require(by)
    draft = drafts.load(token, by)
    _read(token, replace(draft, choices=choices))


def _read(token: str, draft: drafts.Draft) -> None:
    try:
        with drafts.upload(token).open("rb") as file:
            draft.reading = read_apart(file, draft.choices)
    except FileNotFoundError:
        raise NotPossible(drafts.GONE) from None
    drafts.save(token, draft)

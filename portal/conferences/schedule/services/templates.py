"""Templates of webinars: saved from a webinar, renamed, deleted."""

from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.errors import NotPossible
from portal.common.reader.characters import check_text
from portal.common.reader.saying import reason
from portal.conferences import history
from portal.conferences.mails.services import carried
from portal.conferences.models import Conference, ConferenceTemplate
from portal.conferences.models.conference_template import LONGEST_NAME
from portal.conferences.models.folded import key_of
from portal.conferences.schedule.forms import filled
from portal.identity import roles
from portal.platforms.models import PlatformAccount

TEMPLATE = "template"  # no platform has them, so they are no kind of the sync
MOST = 200  # that there are: so many can be chosen from
TAKEN = gettext_lazy("There is a template of this name already. Choose another name.")
GONE = gettext_lazy("The template was deleted meanwhile. Reload the page to see what there is.")
FULL = gettext_lazy("There are %(most)s templates. Delete one that is no longer of use first.")


def templates() -> QuerySet[ConferenceTemplate]:
    """All of them, by name."""
    return ConferenceTemplate.objects.select_related("account", "created_by")[:MOST]


def names() -> list[tuple[int, str]]:
    """What can be chosen from, by name."""
    return list(ConferenceTemplate.objects.values_list("pk", "name")[:MOST])


def checked(name: str) -> str:
    """The name as it is kept. Raises NotPossible."""
    try:
        name = check_text(name, _("Name"), LONGEST_NAME)
    except ValueError as error:
        raise NotPossible(reason(error), {"name": [reason(error)]}) from None
    if not name or not key_of(name):
        said = _("Please give it a name.")
        raise NotPossible(said, {"name": [said]})
    return name


@transaction.atomic
def save_as(
    conference: Conference, name: str, account: PlatformAccount | None, by: User | None
) -> ConferenceTemplate:
    """Keep what the next webinar of this sort can have. Raises NotPossible, NotAllowed."""
    roles.require(by)
    if ConferenceTemplate.objects.count() >= MOST:
        raise NotPossible(FULL % {"most": MOST})
    made = ConferenceTemplate(
        name=checked(name),
        account=account,
        values=filled.values_of(conference),
        moderators=filled.moderators_of(conference),
        reminders=carried.of(conference),
        created_by=by,
    )
    _save(made)
    history.record("created", TEMPLATE, made.pk, actor=by, after={"name": made.name})
    return made


@transaction.atomic
def change(
    template: ConferenceTemplate, name: str, account: PlatformAccount | None, by: User | None
) -> ConferenceTemplate:
    """Give it another name or account. Raises NotPossible, NotAllowed."""
    roles.require(by)
    row = _locked(template)
    before, after = {"name": row.name}, {"name": checked(name)}
    row.name, row.account = after["name"], account
    _save(row)
    history.record("changed", TEMPLATE, row.pk, actor=by, before=before, after=after)
    return row


@transaction.atomic
def delete(template: ConferenceTemplate, by: User | None) -> None:
    """Forget it; webinars that were scheduled from it stay. Raises NotPossible, NotAllowed."""
    roles.require(by)
    row = _locked(template)
    history.record("deleted", TEMPLATE, row.pk, actor=by, before={"name": row.name})
    row.delete()


def _locked(template: ConferenceTemplate) -> ConferenceTemplate:
    row = ConferenceTemplate.objects.select_for_update().filter(pk=template.pk).first()
    if row is None:
        raise NotPossible(GONE)
    return row


def _save(row: Any) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NotPossible(TAKEN, {"name": [str(TAKEN)]}) from None

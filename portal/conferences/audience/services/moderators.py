"""Assign the people who run a conference, change their role, take them off again."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.reader.addresses import check_email
from portal.common.reader.characters import check_text
from portal.common.reader.saying import reason
from portal.common.texts import of_room, shown
from portal.conferences import history, rules
from portal.conferences.fields import locked, pick
from portal.conferences.mails import services as mails
from portal.conferences.models import Conference, Moderator
from portal.identity import roles
from portal.outbox import services as outbox
from portal.platforms.models import PlatformAccount

MODERATOR = Kind.MODERATOR
TEXTS = ("name", "role")
TAKEN_OFF = gettext_lazy("They were taken off before. Nothing was done now.")


@transaction.atomic
def assign(
    conference: Conference,
    *,
    email: str,
    name: str,
    role: str,
    by: User | None,
    notify: mails.Telling | bool = True,
) -> Moderator:
    """Put a person on it; one who was taken off before comes back with the same link of ours.

    They are invited with that link once the platform has them; into a draft, when it is published.

    Raises NotPossible, beside the field where there is one, and NotAllowed.
    """
    roles.require(by)
    row = locked(conference)
    _require_assignable(row)
    email, name = _read(row.account, email, name, role)
    found = row.moderators.filter(email=email).first()
    if found and not found.removed_at:
        text = _("This address is among the moderators already.")
        raise NotPossible(text, {"email": [text]})
    person = found or Moderator(conference=row, email=email)
    person.name, person.role, person.removed_at, person.gone_at = name, role, None, None
    person.save()
    _record("assigned", person, by, {}, {"email": email, "name": name, "role": role})
    _tell(row, person, by)
    mails.tell(row, mails.Act.ASSIGN, mails.Telling.of(notify), by, moderators=[person])
    return person


@transaction.atomic
def change(moderator: Moderator, *, name: str, role: str, by: User | None) -> Moderator:
    """Give another name or role. Raises NotPossible where the platform cannot follow."""
    roles.require(by)
    row = locked(moderator.conference)
    person = Moderator.objects.select_for_update().get(pk=moderator.pk)
    if reason := TAKEN_OFF if person.removed_at else reason_against_change(row):
        raise NotPossible(reason)
    _same, name = _read(row.account, person.email or None, name, role)
    before = pick(vars(person), TEXTS)
    person.name, person.role = name, role
    after = pick(vars(person), TEXTS)
    if before == after:
        return person
    person.save()
    changed = [key for key in TEXTS if before[key] != after[key]]
    _record("changed", person, by, pick(before, changed), pick(after, changed))
    _tell(row, person, by)
    return person


@transaction.atomic
def unassign(
    moderator: Moderator, by: User | None, notify: mails.Telling | bool = True
) -> Moderator:
    """Take a person off, who is told once the platform has done so.

    Raises NotPossible where the platform could not shut them out, or somebody else did it already.
    """
    roles.require(by)
    row = locked(moderator.conference)
    person = Moderator.objects.select_for_update().get(pk=moderator.pk)
    if person.removed_at:
        raise NotPossible(TAKEN_OFF)
    if reason := reason_against_unassigning(person):
        raise NotPossible(reason)
    person.removed_at = clock.now()
    person.save()
    _record("unassigned", person, by, {"email": person.email, "role": person.role}, {})
    _tell(row, person, by)
    mails.tell(row, mails.Act.UNASSIGN, mails.Telling.of(notify), by, moderators=[person])
    return person


def reason_against_assigning(conference: Conference) -> str:
    """Why nobody can be put on it; empty where they can."""
    frozen = rules.reason_frozen(conference)
    return frozen or rules.reason_against(conference.account, MODERATOR, "create")


def reason_against_change(conference: Conference) -> str:
    """Why a role cannot be changed. A draft's can; so can one that is simply made again."""
    can = conference.account.capabilities.kind(MODERATOR)
    frozen = rules.reason_frozen(conference)
    if frozen or conference.draft or (can.upsert and can.create.offered):
        return frozen
    return rules.reason_against(conference.account, MODERATOR, "update")


def reason_against_removal(conference: Conference) -> str:
    """Why nobody can be taken off: a link that stays valid must not be forgotten here."""
    frozen = rules.reason_frozen(conference)
    if frozen or conference.draft:
        return frozen
    return rules.reason_against(conference.account, MODERATOR, "delete")


def reason_against_unassigning(person: Moderator) -> str:
    """The same for one of them: a platform may have people who belong to every webinar."""
    conference = person.conference
    return reason_against_removal(conference) or ("" if conference.draft else of_room(person.fixed))


def role_choices(account: PlatformAccount) -> list[tuple[str, str]]:
    """The roles that the account's platform knows, as (value, label)."""
    rule = account.capabilities.kind(MODERATOR).fields.get("role")
    if rule and rule.choices:
        return [(value, shown(label)) for value, label in rule.choices]
    return [(value, str(label)) for value, label in Moderator.Role.choices]


def _require_assignable(conference: Conference) -> None:
    if reason := reason_against_assigning(conference):
        raise NotPossible(reason)


def _read(account: PlatformAccount, email: str | None, name: str, role: str) -> tuple[str, str]:
    """Address and name as they are kept; no `email`, no look at it. Raises NotPossible."""
    problems: dict[str, list[str]] = {}
    try:
        email = email if email is None else check_email(email)
    except ValueError as error:
        problems["email"] = [shown(reason(error))]
    try:
        name = check_text(name, _("Name"))
        if not name:
            problems["name"] = [_("Please enter a name of at most 200 characters.")]
    except ValueError as error:
        problems["name"] = [shown(reason(error))]
    if role not in dict(role_choices(account)):
        problems["role"] = [_("Please choose one of the listed roles.")]
    if problems:
        raise NotPossible(_("This moderator cannot be saved yet."), problems)
    return email or "", name


def _tell(conference: Conference, person: Moderator, by: User | None) -> None:
    can = conference.account.capabilities.kind(MODERATOR)
    if not conference.draft and (can.create.offered or can.delete.offered):
        outbox.add(conference.account, MODERATOR, person.pk, by=by)


def _record(
    action: str, person: Moderator, by: User | None, before: dict[str, Any], after: dict[str, Any]
) -> None:
    history.record(
        action,
        MODERATOR,
        person.pk,
        actor=by,
        conference_id=person.conference_id,
        sentence=str(person),
        before=before,
        after=after,
    )

"""People: add, mend, delete. The e-mail address in lower case is who somebody is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.base.records import FIELDS, Kind
from portal.common import clock
from portal.common.batches import BATCH, slices
from portal.common.errors import NotPossible
from portal.common.reader.addresses import Person
from portal.conferences import history, rules, sentences
from portal.conferences.fields import pick
from portal.conferences.history import RowChange, record_many
from portal.conferences.mails import services as mails
from portal.conferences.models import Attendee, Membership, Moderator, Registration
from portal.conferences.people.services import fields
from portal.conferences.people.services.selection import by_email
from portal.identity import roles
from portal.outbox import services as outbox
from portal.platforms.models import PlatformAccount

ATTENDEE = Kind.ATTENDEE
FIELD_NAMES = (*FIELDS[ATTENDEE], "language", "notes")
TAKEN = gettext_lazy("Somebody with this address is here already.")


def create(values: Mapping[str, Any], by: User | None) -> Attendee:
    """Add one person. Raises NotPossible where the address is known, NotAllowed."""
    roles.require(by)
    values = dict(values)
    own, _changed = fields.given(Attendee(), values.pop("own", {}))
    person = Attendee(**values, own=own)
    _save(person)
    history.record(
        "added",
        ATTENDEE,
        person.pk,
        actor=by,
        sentence=sentences.ADDED(name=str(person)),
        after=_filled(person),
    )
    return person


def update(
    person: Attendee,
    values: Mapping[str, Any],
    by: User | None,
    notify: mails.Telling | bool = True,
) -> Attendee:
    """Change what differs, and tell the platforms where the person is registered.

    Whoever was invited at an address that is corrected is invited at the new one.
    """
    roles.require(by)
    with transaction.atomic():
        row = Attendee.objects.select_for_update().get(pk=person.pk)
        before, held = snapshot(row), row.own
        for name, value in values.items():
            if name != "own":
                setattr(row, name, value)
        row.own, keys = fields.given(row, values.get("own", {}))
        row.email = row.email.lower()
        changed = [name for name in FIELD_NAMES if before[name] != getattr(row, name)]
        if not (changed or keys):
            return row
        _save(row)
        named = (fields.named(one, keys) for one in (held, row.own)) if keys else ({}, {})
        own_before, own_after = named
        history.record(
            "changed",
            ATTENDEE,
            row.pk,
            actor=by,
            sentence=sentences.CHANGED(name=str(row)),
            before=pick(before, changed) | own_before,
            after=pick(snapshot(row), changed) | own_after,
        )
        if changed:
            tell_platforms([row.pk], by, readdressed="email" in changed)
        if "email" in changed:
            mails.follow_address(row, mails.Telling.of(notify), by)
    return row


def add_many(
    persons: Iterable[Person], by: User | None, extra: Mapping[str, Mapping[str, str]] | None = None
) -> list[Attendee]:
    """Add those who are not known yet, in a few statements; answers their rows.

    `extra` holds further fields by address. Somebody may have added one of them meanwhile: the
    row that is there is answered then, unchanged.
    """
    given = {one.email: one for one in persons}
    known = by_email(given)
    moment = clock.now()
    rows = [
        Attendee(
            email=one.email,
            first_name=one.first_name,
            last_name=one.last_name,
            created_at=moment,
            updated_at=moment,
            **(extra or {}).get(one.email, {}),
        )
        for one in given.values()
        if one.email not in known
    ]
    Attendee.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    found = by_email(given)
    made = [row for email, row in found.items() if email not in known]
    lines = (RowChange(row.pk, {}, _filled(row)) for row in made)
    record_many("added", ATTENDEE, lines, actor=by, sentence=sentences.ADDED_WITH_OTHERS)
    return list({row.pk: row for row in found.values()}.values())


def delete(person: Attendee, by: User | None) -> None:
    """Forget a person on whom nothing depends. Raises NotPossible with the reason, NotAllowed."""
    roles.require(by)
    with transaction.atomic():
        row = Attendee.objects.select_for_update().get(pk=person.pk)
        if reason := reason_against_deletion(row):
            raise NotPossible(reason)
        history.record(
            "deleted",
            ATTENDEE,
            row.pk,
            actor=by,
            sentence=sentences.DELETED(name=str(row)),
            before=_filled(row),
        )
        row.delete()


def reason_against_deletion(person: Attendee, registered: int | None = None) -> str:
    """Why a person has to stay; empty where they can go. `registered`: at how many webinars they
    ever were, where somebody has counted them already."""
    if registered is None:
        registered = person.registrations.count()
    if registered:
        said = ngettext(
            "%(person)s belongs to the record of one webinar. "
            "Withdraw them there; the entry stays.",
            "%(person)s belongs to the record of %(count)d webinars. "
            "Withdraw them there; the entry stays.",
            registered,
        )
        return said % {"person": person, "count": registered}
    if person.attendances.exists():
        return _("%(person)s attended a session, and the record of it stays.") % {"person": person}
    if Moderator.objects.filter(email=person.email, removed_at=None).exists():
        return _("%(person)s is a moderator. Take them off the webinar first.") % {"person": person}
    return ""


def snapshot(person: Attendee) -> dict[str, Any]:
    """The person's fields as the history keeps them."""
    return {name: getattr(person, name) for name in FIELD_NAMES}


def tell_platforms(
    person_ids: Iterable[int], by: User | None, *, readdressed: bool = False
) -> None:
    """Leave notes for the platforms that keep these people themselves, and for the registrations
    whose platform can change one after it was made; where they have another address, also for
    those that it can take off and make anew. Others see the change at their next sync."""
    ids = list(person_ids)
    standing = _standing_on(ids)
    for account in PlatformAccount.objects.in_bulk(standing).values():
        if rules.reaches_platform(account, ATTENDEE, "update") or rules.reaches_platform(
            account, ATTENDEE, "create"
        ):
            outbox.add_many(account, ATTENDEE, sorted(standing[account.pk]), by=by)
    _tell_registrations(ids, by, ("update",))
    if readdressed:
        _tell_registrations(ids, by, ("create", "delete"))


def _standing_on(person_ids: list[int]) -> dict[int, set[int]]:
    """Account -> those of these people whom it has a use for; no other platform learns of them.

    Registrations and memberships are asked for one after the other: a join over both would
    combine each with each.
    """
    found: dict[int, set[int]] = {}
    for some in slices(person_ids):
        registered = Registration.objects.filter(
            attendee_id__in=some,
            attendee__merged_into=None,
            stage=Registration.Stage.REGISTERED,
        )
        grouped = Membership.objects.filter(
            attendee_id__in=some, attendee__merged_into=None, removed_at=None
        ).exclude(group__account=None)
        for pairs in (
            registered.values_list("conference__account_id", "attendee_id"),
            grouped.values_list("group__account_id", "attendee_id"),
        ):
            for account_id, person_id in pairs.distinct():
                found.setdefault(account_id, set()).add(person_id)
    return found


def _tell_registrations(person_ids: list[int], by: User | None, verbs: Iterable[str]) -> None:
    standing = Registration.objects.filter(
        removed_at=None,
        gone_at=None,
        stage=Registration.Stage.REGISTERED,
        conference__removed_at=None,
        conference__draft=False,
    ).select_related("conference__account")
    rows = (row for some in slices(person_ids) for row in standing.filter(attendee_id__in=some))
    by_account: dict[int, tuple[Any, list[int]]] = {}
    for row in rows:
        account = row.conference.account
        if all(rules.reaches_platform(account, Kind.REGISTRATION, verb) for verb in verbs):
            by_account.setdefault(account.pk, (account, []))[1].append(row.pk)
    for account, ids in by_account.values():
        outbox.add_many(account, Kind.REGISTRATION, ids, by=by)


def _save(person: Attendee) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise NotPossible(TAKEN, {"email": [TAKEN]}) from None


def _filled(person: Attendee) -> dict[str, Any]:
    return {name: value for name, value in snapshot(person).items() if value}

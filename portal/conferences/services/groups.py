"""Groups: lists of people who are invited together. They live here; mirrors hear of changes."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from integrations.base.records import Kind
from portal.common import clock, roles
from portal.common.errors import NotPossible
from portal.conferences import history, rules
from portal.conferences.models import AttendeeGroup, Membership
from portal.conferences.services import people
from portal.conferences.services.audience import Audience, members
from portal.conferences.services.trail import BATCH, Line, record_many, slices
from portal.outbox import services as outbox
from portal.platforms.models import PlatformAccount

GROUP, MEMBERSHIP = Kind.GROUP, Kind.MEMBERSHIP
TAKEN = "Another group has this name."


def create(name: str, description: str, by: Any) -> AttendeeGroup:
    """Make an empty group. Raises NotPossible where the name is taken, NotAllowed."""
    roles.require(by)
    group = AttendeeGroup(name=name, description=description)
    with transaction.atomic():
        _save(group)
        history.record(
            "created", GROUP, group.pk, actor=by, sentence=f"Created {name}", after={"name": name}
        )
        _tell(GROUP, [group.pk], by, "create")
    return group


def rename(group: AttendeeGroup, name: str, description: str, by: Any) -> AttendeeGroup:
    """Give another name or description. Raises NotPossible where the name is taken, NotAllowed."""
    roles.require(by)
    before = {"name": group.name, "description": group.description}
    after = {"name": name, "description": description}
    changed = [key for key in after if before[key] != after[key]]
    if not changed:
        return group
    group.name, group.description = name, description
    with transaction.atomic():
        _save(group)
        history.record(
            "changed", GROUP, group.pk, actor=by, sentence=f"Changed {name}",
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )  # fmt: skip
        _tell(GROUP, [group.pk], by, "update")
    return group


def delete(group: AttendeeGroup, by: Any) -> None:
    """Forget the group; its people and their registrations stay. Raises NotAllowed."""
    roles.require(by)
    with transaction.atomic():
        size = members(group.pk).count()
        history.record(
            "deleted", GROUP, group.pk, actor=by, sentence=f"Deleted {group.name}",
            before={"name": group.name, "members": size},
        )  # fmt: skip
        group.delete()


def add(group: AttendeeGroup, audience: Audience, by: Any) -> tuple[int, int]:
    """Put people in, new ones among them; answers how many joined and how many are new here."""
    roles.require(by)
    with transaction.atomic():
        newcomers = people.add_many(audience.newcomers, by)
        ids = [person.pk for person in (*audience.people, *newcomers)]
        return put_in(group, ids, by), len(newcomers)


def put_in(group: AttendeeGroup, person_ids: Iterable[int], by: Any) -> int:
    """Put known people in; answers how many were not in it. Call it within a transaction."""
    ids = list(dict.fromkeys(person_ids))
    inside = dict(group.memberships.values_list("attendee_id", "pk"))
    ended = group.memberships.exclude(removed_at=None, gone_at=None)
    back = [pk for pk in ended.values_list("attendee_id", flat=True) if pk in set(ids)]
    for some in slices(back):
        group.memberships.filter(attendee_id__in=some).update(
            removed_at=None, gone_at=None, updated_at=clock.now()
        )
    fresh = [pk for pk in ids if pk not in inside]
    rows = [Membership(group=group, attendee_id=pk) for pk in fresh]
    made = Membership.objects.bulk_create(rows, batch_size=BATCH)
    told = [row.pk for row in made] + [inside[pk] for pk in back]
    joined = [*fresh, *back]
    _record_members("joined a group", joined, f"Put into {group.name}", by)
    _tell(MEMBERSHIP, told, by, "create")
    return len(joined)


def take_out(group: AttendeeGroup, person_ids: Iterable[int], by: Any) -> int:
    """Take people out; they stay known, and registered where they are. Answers how many left."""
    roles.require(by)
    moment = clock.now()
    with transaction.atomic():
        rows = [
            row
            for some in slices(person_ids)
            for row in group.memberships.filter(attendee_id__in=some, removed_at=None)
        ]
        for some in slices(row.pk for row in rows):
            Membership.objects.filter(pk__in=some).update(removed_at=moment, updated_at=moment)
        gone = [row.attendee_id for row in rows]
        _record_members("left a group", gone, f"Taken out of {group.name}", by)
        _tell(MEMBERSHIP, [row.pk for row in rows], by, "delete")
    return len(rows)


def _record_members(action: str, person_ids: list[int], sentence: str, by: Any) -> None:
    lines = (Line(pk) for pk in person_ids)
    record_many(action, Kind.ATTENDEE, lines, actor=by, sentence=sentence)


def _tell(kind: Kind, ids: list[int], by: Any, verb: str) -> None:
    """Leave notes for the accounts whose platform keeps groups of its own."""
    if not ids:
        return
    for account in PlatformAccount.objects.all():
        if rules.told(account, kind, verb):
            outbox.add_many(account, kind, ids, by=by)


def _save(group: AttendeeGroup) -> None:
    # The database's own rule knows the exact name only; people also mean the same by other cases.
    if AttendeeGroup.objects.filter(name__iexact=group.name).exclude(pk=group.pk).exists():
        raise NotPossible(TAKEN, {"name": [TAKEN]})
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        raise NotPossible(TAKEN, {"name": [TAKEN]}) from None

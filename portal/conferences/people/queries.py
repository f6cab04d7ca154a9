"""People and groups as the pages show them, and who might be one person twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common.reader.characters import fold
from portal.conferences.models import (
    Attendance,
    Attendee,
    AttendeeGroup,
    Change,
    Membership,
    Registration,
)
from portal.conferences.people.services.selection import matching, with_sizes

PAGE = 50
MOST_PAIRS = 500
SORTS = {
    "name": ("sort_key", "email"),
    "email": ("email",),
    "company": ("company_key", "sort_key", "email"),
    "added": ("created_at", "id"),
    "webinars": ("webinars", "sort_key", "email"),
}
NO_GROUP = "none"


def people(search: str = "", group: str = "", sort: str = "") -> QuerySet[Attendee]:
    """The list: `group` is an id or "none", `sort` a key of SORTS with a minus to turn it round."""
    rows = Attendee.standing.filter(matching(search))
    if group == NO_GROUP:
        rows = rows.exclude(Exists(_current().filter(attendee=OuterRef("pk"))))
    elif group:
        rows = rows.filter(Exists(_current().filter(attendee=OuterRef("pk"), group_id=int(group))))
    standing = Q(registrations__removed_at=None)
    rows = rows.annotate(webinars=Count("registrations", filter=standing))
    order = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    return rows.order_by(*(f"-{name}" if sort.startswith("-") else name for name in order))


def with_groups(rows: QuerySet[Attendee]) -> QuerySet[Attendee]:
    """The same rows with their memberships and the groups' names, in two queries."""
    return rows.prefetch_related(
        Prefetch("memberships", _current().select_related("group").order_by("group__sort_key"))
    )


def _current() -> QuerySet[Membership]:
    return Membership.objects.filter(removed_at=None, gone_at=None, group__removed_at=None)


def registrations_of(person: Attendee) -> QuerySet[Registration]:
    """The person's registrations, the latest conference first."""
    rows = person.registrations.select_related("conference__account")
    return rows.order_by("-conference__starts_at", "-id")


def attendance_of(person: Attendee) -> QuerySet[Attendance]:
    """When the person was there, as the platforms tell it; the latest first."""
    rows = person.attendances.select_related("session__conference")
    return rows.order_by("-joined_at", "-id")


def groups_of(person: Attendee) -> QuerySet[AttendeeGroup]:
    """The groups in which the person is now."""
    return AttendeeGroup.objects.filter(pk__in=_current().filter(attendee=person).values("group"))


def history_of(person: Attendee) -> QuerySet[Change]:
    """What happened to the person and to their registrations, the latest first."""
    own = Q(kind=Kind.ATTENDEE, local_id=person.pk)
    theirs = Q(kind=Kind.REGISTRATION, local_id__in=person.registrations.values("pk"))
    return Change.objects.filter(own | theirs).select_related("actor", "conference")


def groups(search: str = "", sort: str = "") -> QuerySet[AttendeeGroup]:
    """All groups with their sizes."""
    rows = with_sizes().filter(sort_key__contains=fold(search[:200]))
    name = ("sort_key", "name")
    keys = {"name": name, "size": ("size", *name), "changed": ("updated_at", *name)}
    order = keys.get(sort.removeprefix("-"), name)
    return rows.order_by(*(f"-{name}" if sort.startswith("-") else name for name in order))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries that may be one person, and why."""

    one: int
    other: int
    reason: str


def likely_duplicates() -> list[Pair]:
    """Entries with one name, or with addresses that reach the same mailbox at most providers.

    At most MOST_PAIRS.
    """
    people = Attendee.standing.order_by("pk")
    rows = list(people.values_list("pk", "email", "first_name", "last_name"))
    mailboxes: dict[str, list[int]] = {}
    names: dict[tuple[str, str], list[int]] = {}
    for pk, email, first, last in rows:
        mailboxes.setdefault(mailbox(email), []).append(pk)
        if first and last:
            names.setdefault((fold(first), fold(last)), []).append(pk)
    found: dict[tuple[int, int], str] = {}
    for group, reason in (
        *((ids, _("Nearly the same address")) for ids in mailboxes.values()),
        *((ids, _("The same name")) for ids in names.values()),
    ):
        for pair in islice(combinations(group, 2), MOST_PAIRS):
            found.setdefault(pair, reason)
        if len(found) >= MOST_PAIRS:
            break
    return [Pair(*pair, reason) for pair, reason in islice(found.items(), MOST_PAIRS)]


def mailbox(email: str) -> str:
    """The address without what most providers pass over: case, dots, and what follows a plus."""
    local, _, domain = email.lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def by_id(ids: Iterable[int]) -> Mapping[int, Attendee]:
    """People with what is needed to tell two of them apart."""
    counted: Any = Attendee.standing.annotate(
        webinars=_number(Registration.objects.filter(removed_at=None)),
        lists=_number(Membership.objects.filter(removed_at=None)),
        visits=_number(Attendance.objects.all()),
    )
    return dict(counted.in_bulk(list(ids)))


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many of these rows a person has; each kind for itself, since one join over several
    would multiply them."""
    own = rows.filter(attendee=OuterRef("pk")).order_by().values("attendee")
    counted = own.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def shared_webinars(one: int, other: int) -> list[str]:
    """Titles of the conferences at which both are registered now."""
    theirs = Registration.objects.filter(attendee_id=other, removed_at=None)
    rows = Registration.objects.filter(attendee_id=one, removed_at=None).filter(
        conference_id__in=theirs.values("conference_id")
    )
    return list(rows.values_list("conference__title", flat=True)[:20])

"""People and groups as the pages show them, and who might be one person twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common.batches import slices
from portal.common.reader.own import OwnColumn
from portal.conferences import tallies
from portal.conferences.models import (
    Attendance,
    Attendee,
    AttendeeGroup,
    Change,
    Membership,
    Registration,
)
from portal.conferences.models.folded import key_of, occurs
from portal.conferences.people.services import clauses
from portal.conferences.people.services.selection import matching, with_sizes

PAGE = 50
MOST_PAIRS = 500
SORTS = {
    "name": ("sort_key", "email"),
    "email": ("email",),
    "company": ("company_key", "sort_key", "id"),
    "added": ("created_at", "id"),
    "webinars": ("webinars_counted", "sort_key", "id"),
}
NO_GROUP = "none"


def found(
    search: str = "", group: str = "", tag: str = "", own: Q | None = None
) -> QuerySet[Attendee]:
    """People by what the list is filtered by: `group` is an id or "none", `tag` a tag's name,
    `own` what stands in a column of one's own (`fields.holding`)."""
    rows = Attendee.standing.filter(matching(search))
    if group == NO_GROUP:
        rows = rows.exclude(Exists(_current().filter(attendee=OuterRef("pk"))))
    elif group:
        rows = rows.filter(_in_group(int(group)))
    if tag:
        rows = rows.filter(tags__sort_key=key_of(tag))  # nobody has a tag twice
    return rows if own is None else rows.filter(own)


def _in_group(pk: int) -> Q:
    """Who is in a group, be it a list or one by rule."""
    rule = AttendeeGroup.objects.filter(pk=pk).values_list("rule", flat=True).first()
    if rule is not None:
        return clauses.fitting(rule)
    return Q(Exists(_current().filter(attendee=OuterRef("pk"), group_id=pk)))


def people(
    search: str = "", group: str = "", tag: str = "", own: Q | None = None, *, sort: str = ""
) -> QuerySet[Attendee]:
    """The list: those who are `found`, by a key of SORTS with a minus to turn it round.

    Each row comes with `webinars`, counted for the rows that are read; the order by them is the
    one of the last count (see `tallies`).
    """
    rows = found(search, group, tag, own).annotate(webinars=tallies.standing("attendee"))
    order = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    return rows.order_by(*(f"-{name}" if sort.startswith("-") else name for name in order))


def with_groups(rows: QuerySet[Attendee]) -> QuerySet[Attendee]:
    """The same rows with their memberships and the groups' names, and with their tags."""
    return rows.prefetch_related(
        Prefetch("memberships", _current().select_related("group").order_by("group__sort_key")),
        "tags",
    )


def _current() -> QuerySet[Membership]:
    return Membership.objects.filter(removed_at=None, gone_at=None, group__removed_at=None)


def pages() -> QuerySet[Attendee]:
    """People with what the page of one counts: webinars (`places`) and sessions (`visits`) ever,
    and whether other entries were merged into them (`merges`)."""
    return Attendee.objects.annotate(
        places=_number(Registration.objects.all()),
        visits=_number(Attendance.objects.all()),
        merges=Exists(Attendee.objects.filter(merged_into=OuterRef("pk"))),
    )


def registrations_of(person: Attendee) -> QuerySet[Registration]:
    """The person's registrations, the latest conference first."""
    rows = person.registrations.select_related("conference__account")
    return rows.order_by("-conference__starts_at", "-id")


def attendance_of(person: Attendee) -> QuerySet[Attendance]:
    """When the person was there, as the platforms tell it; the latest first."""
    rows = person.attendances.select_related("session__conference")
    return rows.order_by("-joined_at", "-id")


def groups_of(person: Attendee, columns: Sequence[OwnColumn] = ()) -> list[AttendeeGroup]:
    """The groups in which the person is now: lists, and those by rule that they fit. `columns` are
    the own ones, where somebody has read them already."""
    held = Q(pk__in=_current().filter(attendee=person).values("group"))
    rows = list(AttendeeGroup.objects.filter(held | Q(rule__isnull=False)))
    known = {column.meaning: column for column in columns}
    fitted = _fitted(person, [row for row in rows if row.rule is not None], known)
    return [row for row in rows if row.rule is None or row.pk in fitted]


def _fitted(
    person: Attendee, groups: Sequence[AttendeeGroup], known: Mapping[str, OwnColumn]
) -> set[int]:
    """Those of some groups by rule that a person fits, all asked for in one statement."""
    if not groups:
        return set()
    rules = [group.rule or {} for group in groups]
    columns = known or clauses.columns_for(rules)
    asked = {
        f"fits_{group.pk}": Case(When(clauses.fitting(rule, columns), then=1), default=0)
        for group, rule in zip(groups, rules, strict=True)
    }
    row = Attendee.objects.filter(pk=person.pk).values(**asked).first() or {}
    return {group.pk for group in groups if row.get(f"fits_{group.pk}")}


def history_of(person: Attendee, latest: int) -> QuerySet[Change]:
    """What happened last to the person and to their registrations, the latest first.

    A union, since a database reads an index for each of the two, and the whole table for an OR.
    """
    lines = Change.objects.order_by().values_list("pk")
    own = lines.filter(kind=Kind.ATTENDEE, local_id=person.pk)
    places = person.registrations.order_by().values("pk")
    theirs = lines.filter(kind=Kind.REGISTRATION, local_id__in=places)
    both = own.union(theirs, all=True).order_by("-pk")
    return Change.objects.filter(pk__in=both[:latest]).select_related("actor", "conference")


def groups(search: str = "", sort: str = "") -> QuerySet[AttendeeGroup]:
    """All groups with their sizes."""
    rows = with_sizes().filter(occurs(search, "sort_key"))
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
    found: dict[tuple[int, int], str] = {}
    # A key that ends with the tab is that of a first or a last name alone.
    whole = Attendee.standing.exclude(sort_key__endswith="\t")
    for rows, key, reason in (
        (Attendee.standing.all(), "mailbox_key", _("Nearly the same address")),
        (whole, "sort_key", _("The same name")),
    ):
        for ids in _alike(rows, key):
            for pair in islice(combinations(ids, 2), MOST_PAIRS):
                found.setdefault(pair, reason)
    return [Pair(*pair, reason) for pair, reason in islice(found.items(), MOST_PAIRS)]


def _alike(rows: QuerySet[Attendee], key: str) -> Iterable[list[int]]:
    """The ids of those rows of which several have one key; the database finds the keys."""
    keys = rows.order_by().values(key).annotate(number=Count("pk")).filter(number__gt=1)
    found: dict[str, list[int]] = {}
    for some in slices(keys.order_by(key).values_list(key, flat=True)[:MOST_PAIRS]):
        alike = rows.filter(**{f"{key}__in": some}).order_by("pk")
        for pk, value in alike.values_list("pk", key):
            found.setdefault(value, []).append(pk)
    return sorted(found.values())


def by_id(ids: Iterable[int]) -> Mapping[int, Attendee]:
    """People with what is needed to tell two of them apart."""
    counted: Any = Attendee.standing.annotate(
        webinars=tallies.standing("attendee"),
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

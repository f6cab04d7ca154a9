"""Tags as the pages show them."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.conferences.models import Attendee, Change, Tag
from portal.conferences.models.folded import occurs
from portal.conferences.people.services.tags import TAG, On

MOST_OFFERED = 200  # names that a box offers while somebody types


def names() -> QuerySet[Tag, Any]:
    """What a box offers."""
    return Tag.objects.values_list("name", flat=True)[:MOST_OFFERED]


def of(person: Attendee) -> tuple[list[Tag], list[str]]:
    """The tags of a person, and the names of others that a box offers; in one statement."""
    own = Exists(On.objects.filter(tag=OuterRef("pk"), attendee=person))
    rows: Any = Tag.objects.annotate(own=own).order_by("-own", "sort_key")
    found = list(rows[: MOST_OFFERED * 2])
    return [row for row in found if row.own], [row.name for row in found if not row.own]


def tags(search: str = "", sort: str = "") -> QuerySet[Tag]:
    """All tags with `size`, the number of people who have one."""
    carried: Any = On.objects.filter(tag=OuterRef("pk")).values("tag").annotate(number=Count("pk"))
    counted = Coalesce(Subquery(carried.values("number"), output_field=IntegerField()), 0)
    rows = Tag.objects.filter(occurs(search, "sort_key")).annotate(size=counted)
    keys = {"name": ("sort_key",), "size": ("size", "sort_key")}
    order = keys.get(sort.removeprefix("-"), ("sort_key",))
    return rows.order_by(*(f"-{name}" if sort.startswith("-") else name for name in order))


def history_of(tag: Tag, latest: int) -> QuerySet[Change]:
    """What was done with a tag, the latest first."""
    rows = Change.objects.filter(kind=TAG, local_id=tag.pk).select_related("actor", "conference")
    return rows.order_by("-pk")[:latest]

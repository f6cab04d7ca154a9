"""Which groups were invited to conferences as groups: kept as they are invited."""

from collections.abc import Collection, Iterable

from portal.conferences.models import AttendeeGroup, Conference, InvitedGroup

MOST = 50  # that one invitation keeps, and that are read of one conference


def keep(conferences: Iterable[Conference], group_ids: Collection[int]) -> None:
    """Keep that these groups are invited to all of them. A group that was deleted meanwhile is not
    kept. Call it within a transaction."""
    if not group_ids:
        return
    wanted = sorted(group_ids)[:MOST]
    # Locked, so that none of them is deleted before its row is written.
    groups = AttendeeGroup.objects.filter(pk__in=wanted).select_for_update(no_key=True)
    ids = list(groups.order_by("pk").values_list("pk", flat=True))
    InvitedGroup.objects.bulk_create(
        (
            InvitedGroup(conference_id=row.pk, group_id=pk)
            for row in sorted(conferences, key=lambda one: one.pk)
            for pk in ids
        ),
        ignore_conflicts=True,
        batch_size=500,
    )


def of(conference: Conference) -> list[tuple[int, str]]:
    """The groups that were invited to a conference, with their names, by name."""
    rows = AttendeeGroup.objects.filter(invited_to__conference=conference)
    return list(rows.values_list("pk", "name")[:MOST])


def ids_of(conference: Conference) -> list[int]:
    """The same, as clashes want them."""
    rows = InvitedGroup.objects.filter(conference=conference)
    return list(rows.values_list("group_id", flat=True)[:MOST])

"""Who takes part in a conference: as rows where one person is written to, and as columns where
thousands are counted or told."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import QuerySet, Value
from django.db.models.functions import Lower

from portal.conferences.models import Conference, Moderator, Registration

Row = Registration | Moderator
SPEAKER, ATTENDEE = "Speaker", "Attendee"  # as templates of mails ask for them
REGISTRATION, MODERATOR = "registration", "moderator"  # as messages name the row that they are for
RoleKey = tuple[str, int]
Standing = dict[int, list["Participant"]]


class Participant(NamedTuple):
    """One person in one role: which row it is, and how they are reached and called now. `row` is
    the row itself where somebody had it, and surely where it is not saved yet."""

    relation: str
    pk: int  # 0 where the row is not saved yet
    email: str
    name: str
    row: Row | None = None

    @property
    def role_key(self) -> RoleKey:
        """The row as `Invitation.role_key` names it."""
        return self.relation, self.pk

    @property
    def speaks(self) -> bool:
        """Whether they run the conference."""
        return self.relation == MODERATOR


def of_row(row: "Row | Participant") -> Participant:
    """A row, saved or not, as what is counted."""
    if isinstance(row, Participant):
        return row
    relation = REGISTRATION if isinstance(row, Registration) else MODERATOR
    return Participant(relation, row.pk or 0, address(row), name_of(row), row)


def registered(rows: QuerySet[Registration]) -> list[Participant]:
    """Registrations, of whom no more is read than is needed of thousands."""
    return [
        Participant(REGISTRATION, pk, address_of(email), f"{first} {last}".strip())
        for pk, email, first, last in rows.values_list("pk", *_CALLED)
    ]


_CALLED = ("attendee__email", "attendee__first_name", "attendee__last_name")


def standing(ids: Iterable[int], emails: Collection[str] | None = None) -> Standing:
    """All who take part in some conferences, wherever they registered; speakers first, whose link
    goes before. With `emails`, those alone."""
    found: Standing = {pk: [] for pk in ids}
    there = {"conference__in": list(found), "gone_at": None}
    speaking = Moderator.objects.filter(removed_at=None, **there)
    guests = Registration.objects.filter(Registration.LISTED, **there)
    if emails is not None:
        speaking = by_address(speaking, emails)
        guests = guests.filter(attendee__email__in=emails)
    # One statement for both; a speaker's role stands where the others have their last name.
    columns = speaking.order_by().values_list(
        "conference_id", "pk", "email", "name", "role", Value(MODERATOR)
    )
    both = columns.union(
        guests.order_by().values_list("conference_id", "pk", *_CALLED, Value(REGISTRATION)),
        all=True,
    )
    speakers = []
    for at, pk, email, first, last, relation in both.order_by("pk"):
        if relation == MODERATOR:
            speakers.append((last, first, at, Participant(MODERATOR, pk, address_of(email), first)))
        else:
            name = f"{first} {last}".strip()
            found[at].append(Participant(REGISTRATION, pk, address_of(email), name))
    for _role, _name, at, one in sorted(speakers, reverse=True):
        found[at].insert(0, one)
    return found


def address_of(email: str) -> str:
    """An address as people are known by it."""
    return email.strip().lower()


def rows_of(some: Iterable[Participant]) -> dict[RoleKey, Row]:
    """The rows of a few, with their people; those that are not there any more are left out."""
    wanted: dict[str, list[int]] = {REGISTRATION: [], MODERATOR: []}
    found: dict[RoleKey, Row] = {}
    for one in some:
        if one.row is not None:
            found[one.role_key] = one.row
        else:
            wanted[one.relation].append(one.pk)
    if guests := wanted[REGISTRATION]:
        rows = Registration.objects.select_related("attendee").filter(pk__in=guests)
        found |= {(REGISTRATION, row.pk): row for row in rows}
    if speakers := wanted[MODERATOR]:
        found |= {(MODERATOR, row.pk): row for row in Moderator.objects.filter(pk__in=speakers)}
    return found


def by_address(rows: QuerySet[Moderator], emails: Iterable[str]) -> QuerySet[Moderator]:
    """Moderators by their address in any case: platforms keep them as they were typed there."""
    return rows.alias(lower=Lower("email")).filter(lower__in=list(emails))


def address(row: Row) -> str:
    """Where a person is reached now; within a conference it says who they are."""
    return address_of(row.attendee.email if isinstance(row, Registration) else row.email)


def name_of(row: Row) -> str:
    """What a person is called now; empty where nobody knows."""
    return row.attendee.name if isinstance(row, Registration) else row.name


def role_of(row: Row) -> str:
    """What somebody is at a conference: SPEAKER or ATTENDEE."""
    return SPEAKER if isinstance(row, Moderator) else ATTENDEE


def role_key(row: Row) -> RoleKey:
    """The row as `Invitation.role_key` names it."""
    return (REGISTRATION if isinstance(row, Registration) else MODERATOR, row.pk)


def remaining(conference: Conference, leaving: Iterable[Participant]) -> set[str]:
    """The addresses of those who leave in one role and stay in another."""
    rows = list(leaving)
    speakers = [one.email for one in rows if one.speaks]
    gone = {
        name: {one.pk for one in rows if one.relation == name} for name in (REGISTRATION, MODERATOR)
    }
    stands = {"conference": conference.pk, "removed_at": None, "gone_at": None}
    speaking = Moderator.objects.filter(**stands).exclude(pk__in=gone[MODERATOR])
    found = {email.lower() for email in speaking.values_list("email", flat=True)}
    guests = Registration.objects.filter(attendee__email__in=speakers, **stands)
    guests = guests.exclude(pk__in=gone[REGISTRATION])
    return (found | set(guests.values_list("attendee__email", flat=True))) - {""}


def roles_of(conference: Conference, email: str) -> list[Row]:
    """All rows by which somebody takes part or took part, standing ones and speakers first."""
    speaking = Moderator.objects.filter(conference=conference.pk, email=email)
    registered = Registration.objects.filter(conference=conference.pk, attendee__email=email)
    rows: list[Row] = [*speaking, *registered.select_related("attendee")] if email else []
    return sorted(rows, key=lambda row: not stands(row))


def stands(row: Row) -> bool:
    """Whether somebody takes part by this row now."""
    return takes_part(row) and row.gone_at is None


def takes_part(row: Row) -> bool:
    """Whether somebody is on the list here, if only to wait for a place, or runs it."""
    return row.listed if isinstance(row, Registration) else row.removed_at is None


def still_there(conference: Conference, one: Participant) -> Row | None:
    """The row by which somebody who has left by one still takes part; None without any."""
    return next((row for row in roles_of(conference, one.email) if stands(row)), None)

"""Whom staff mean: ticked people, whole groups and pasted addresses, each person once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from portal.common.errors import NotPossible
from portal.conferences.models import Attendee, AttendeeGroup
from portal.conferences.services.addresses import Person, has_address, parse_person, split_list
from portal.conferences.services.trail import slices

MOST_PEOPLE = 5000
LONGEST_TEXT = 500_000  # characters
LONGEST_NAME = 401  # first and last name, as they are stored
HITS = 8
TOO_MANY = (
    f"That is more than {MOST_PEOPLE} people at once. Import them into a group first, and invite "
    "in smaller parts."
)


@dataclass(slots=True)
class Audience:
    """People who are known here, people who are not yet, and what could not be understood."""

    people: list[Attendee] = field(default_factory=list)
    newcomers: list[Person] = field(default_factory=list)
    invalid: list[tuple[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    repeated: int = 0

    def __len__(self) -> int:
        return len(self.people) + len(self.newcomers)


def gather(
    text: str = "", person_ids: Collection[int] = (), group_ids: Collection[int] = ()
) -> Audience:
    """Put together whom the text, the ticked people and the ticked groups name.

    A group or a person whose whole name stands in the text is meant too; other words end in
    `words`. Raises NotPossible where there are too many.
    """
    if len(text) > LONGEST_TEXT:
        raise NotPossible("That is too much text for this box. Import it as a file instead.")
    found = Audience()
    given, names = _read(text, found)
    named_people, named_groups = _by_name(names, found)
    people: dict[str, Attendee] = {}
    for row in _rows({*person_ids, *named_people}, {*group_ids, *named_groups}):
        found.repeated += row.email in people
        people[row.email] = row
    known = by_email(given)
    for row in known.values():
        found.repeated += row.email in people
        people[row.email] = row
    found.people = list(people.values())
    found.newcomers = [one for email, one in given.items() if email not in known]
    if len(found) > MOST_PEOPLE:
        raise NotPossible(TOO_MANY)
    return found


def _read(text: str, found: Audience) -> tuple[dict[str, Person], list[str]]:
    given: dict[str, Person] = {}
    names: list[str] = []
    for entry in split_list(text):
        if not has_address(entry):
            names.append(entry)
            continue
        try:
            person = parse_person(entry)
        except ValueError as error:
            found.invalid.append((entry[:200], str(error)))
            continue
        found.repeated += person.email in given
        given.setdefault(person.email, person)
    return given, names


def _by_name(names: Iterable[str], found: Audience) -> tuple[set[int], set[int]]:
    """Ids of the people and groups that are meant by their whole name."""
    people: set[int] = set()
    groups: set[int] = set()
    for name in dict.fromkeys(names):
        if len(name) > LONGEST_NAME:
            found.words.append(name)
            continue
        group = (
            AttendeeGroup.standing.filter(name__iexact=name).values_list("pk", flat=True).first()
        )
        first, _, last = name.rpartition(" ")
        persons = Attendee.standing.filter(first_name__iexact=first, last_name__iexact=last)
        ids = list(persons.values_list("pk", flat=True)[:2])
        if group:
            groups.add(group)
        elif len(ids) == 1:
            people.update(ids)
        else:
            found.words.append(name)
    return people, groups


def _rows(person_ids: set[int], group_ids: set[int]) -> Iterable[Attendee]:
    for some in slices(person_ids):
        rows = Attendee.objects.filter(pk__in=some).select_related("merged_into")
        yield from (row.kept for row in rows)
    for group_id in sorted(group_ids):
        yield from members(group_id)


def members(group_id: int) -> QuerySet[Attendee]:
    """The people in a group now."""
    return Attendee.objects.filter(
        memberships__group_id=group_id, memberships__removed_at=None, memberships__gone_at=None
    )


def by_email(emails: Iterable[str]) -> dict[str, Attendee]:
    """The people who are known by these addresses (in lower case); two may lead to one person."""
    rows = Attendee.objects.select_related("merged_into")
    return {row.email: row.kept for some in slices(emails) for row in rows.filter(email__in=some)}


def matching(words: str) -> Q:
    """People in whose name, address or company every one of the words occurs."""
    wanted = Q()
    for word in words[:200].split()[:8]:
        wanted &= (
            Q(first_name__icontains=word) | Q(last_name__icontains=word)
            | Q(email__icontains=word) | Q(company__icontains=word)
        )  # fmt: skip
    return wanted


def search(words: str) -> tuple[list[Attendee], list[AttendeeGroup]]:
    """The first few people and groups that fit what is being typed."""
    words = words.strip()[:200]
    if len(words) < 2:
        return [], []
    people = Attendee.standing.filter(matching(words))[:HITS]
    groups = with_sizes().filter(name__icontains=words)[:HITS]
    return list(people), list(groups)


def with_sizes() -> QuerySet[AttendeeGroup]:
    """Groups with `size`, the number of people in them now."""
    now = Q(memberships__removed_at=None, memberships__gone_at=None)
    return AttendeeGroup.standing.annotate(size=Count("memberships", filter=now))

"""Whom staff mean: ticked people, whole groups and pasted addresses, each person once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from portal.common.batches import slices
from portal.common.errors import NotPossible
from portal.common.reader.addresses import Person, split_name, written
from portal.common.reader.characters import fold
from portal.common.reader.entries import Entry
from portal.common.reader.reading import people_in
from portal.common.texts import shown
from portal.conferences.models import Attendee, AttendeeGroup
from portal.conferences.models.folded import LONGEST_SEARCH, key_of, occurs
from portal.conferences.models.people import sort_key
from portal.conferences.people.services import clauses

MOST_PEOPLE = 5000
LONGEST_TEXT = 500_000  # characters
MOST_LINES = 20_000
LONGEST_NAME = 401  # first and last name, as they are stored
MOST_NAMES = 200  # names without an address that are looked up in one text
HITS = 8


@dataclass(slots=True)
class Selection:
    """People who are known here, people who are not yet, and what could not be understood."""

    people: list[Attendee] = field(default_factory=list)
    newcomers: list[Person] = field(default_factory=list)
    invalid: list[tuple[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    repeated: int = 0
    # Ids of the groups that are meant, whose people are among them.
    groups: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.people) + len(self.newcomers)


def gather(
    text: str = "", person_ids: Collection[int] = (), group_ids: Collection[int] = ()
) -> Selection:
    """Put together whom the text, the ticked people and the ticked groups name.

    A group or a person whose whole name stands in the text is meant too; other words end in
    `words`. Raises NotPossible where there are too many.
    """
    if len(text) > LONGEST_TEXT or text.count("\n") > MOST_LINES:
        raise NotPossible(_("That is too much text for this box. Import it as a file instead."))
    found = Selection()
    given, names = _read(text, found)
    named_people, named_groups = _by_name(names, found)
    people: dict[str, Attendee] = {}
    meant = {*group_ids, *named_groups}
    found.groups = tuple(sorted(meant))
    for row in _rows({*person_ids, *named_people}, meant):
        found.repeated += row.email in people
        people[row.email] = row
    known = by_email(given)
    for row in known.values():
        found.repeated += row.email in people
        people[row.email] = row
    found.people = list(people.values())
    found.newcomers = [one for email, one in given.items() if email not in known]
    if len(found) > MOST_PEOPLE:
        raise NotPossible(too_many())
    return found


def too_many() -> str:
    """Why no more people can be meant at once."""
    said = _(
        "That is more than %(most)d people at once. Import them into a group first, and invite in "
        "smaller parts."
    )
    return said % {"most": MOST_PEOPLE}


def _a_group(name: str) -> str:
    said = _(
        "“%(name)s” is a group, and stands before an address. Put each into a line of its own."
    )
    return said % {"name": name[:100]}


def without_unusable(text: str, unclear: Collection[str] = ()) -> str:
    """The text with one usable entry on each line: what was refused is gone, and the words that
    are `unclear`."""
    kept = []
    for entry in _entries(text):
        if entry.problem or (entry.person is None and entry.text in unclear):
            continue
        kept.append(written(entry.person) if entry.person else entry.text)
    return "\n".join(kept)


def _entries(text: str) -> list[Entry]:
    """The entries of a text; a group's name before an address may be meant as a name or a group."""
    found = people_in(text)
    if keys := {key_of(entry.before) for entry in found if entry.before}:
        groups = _ids(AttendeeGroup.objects.all(), keys)
        for entry in found:
            if entry.person and entry.before and key_of(entry.before) in groups:
                entry.person, entry.problem = None, _a_group(entry.before)
    return found


def _read(text: str, found: Selection) -> tuple[dict[str, Person], list[str]]:
    given: dict[str, Person] = {}
    names: list[str] = []
    for entry in _entries(text):
        if entry.problem:
            found.invalid.append((entry.text[:200], shown(entry.problem)))
        elif entry.person is None:
            names.append(entry.text)
        else:
            found.repeated += entry.person.email in given
            given.setdefault(entry.person.email, entry.person)
    return given, names


def _by_name(names: Iterable[str], found: Selection) -> tuple[set[int], set[int]]:
    """Ids of the people and groups that are meant by their whole name.

    Only the first MOST_NAMES are looked up: so many names are a text that is no list at all.
    """
    wanted = list(dict.fromkeys(names))
    usable = [name for name in wanted[:MOST_NAMES] if len(name) <= LONGEST_NAME]
    groups = {name: key_of(name) for name in usable}
    people = {name: _sort_keys(name) for name in usable}
    group_ids = _ids(AttendeeGroup.objects.all(), groups.values())
    person_ids = _ids(Attendee.standing.all(), (key for keys in people.values() for key in keys))
    chosen: tuple[set[int], set[int]] = (set(), set())
    for name in wanted:
        ids = group_ids.get(groups.get(name, ""), [])
        persons = {pk for key in people.get(name, ()) for pk in person_ids.get(key, ())}
        if len(ids) > 1:  # names that differ by an accent
            exact = AttendeeGroup.objects.filter(pk__in=ids, name__iexact=name)
            ids = list(exact.values_list("pk", flat=True)) or ids
        if ids:
            chosen[1].add(ids[0])
        elif len(persons) == 1:
            chosen[0].update(persons)
        else:
            found.words.append(name)
    return chosen


def _sort_keys(name: str) -> list[str]:
    """The keys that a person of this whole name may have: any word may begin the last name."""
    if "," in name:
        return [sort_key(*split_name(name))]
    words = name.split()[:8]
    return [sort_key(" ".join(words[:n]), " ".join(words[n:])) for n in range(len(words))]


def _ids(rows: QuerySet[Any], keys: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for some in slices(dict.fromkeys(keys)):
        pairs = rows.filter(sort_key__in=some).order_by("pk").values_list("sort_key", "pk")
        for key, pk in pairs:
            found.setdefault(key, []).append(pk)
    return found


def _rows(person_ids: set[int], group_ids: set[int]) -> Iterable[Attendee]:
    for some in slices(person_ids):
        rows = Attendee.objects.filter(pk__in=some).select_related("merged_into")
        yield from (row.kept for row in rows)
    for group in AttendeeGroup.objects.filter(pk__in=group_ids).order_by("pk"):
        yield from members(group)[: MOST_PEOPLE + 1]


def members(group: AttendeeGroup) -> QuerySet[Attendee]:
    """The people in a group now; in one by rule, who fits it at this moment."""
    if group.rule is not None:
        return clauses.people(group.rule)
    return Attendee.objects.filter(
        memberships__group=group, memberships__removed_at=None, memberships__gone_at=None
    )


def by_email(emails: Iterable[str]) -> dict[str, Attendee]:
    """The people who are known by these addresses (in lower case); two may lead to one person."""
    rows = Attendee.objects.select_related("merged_into")
    return {row.email: row.kept for some in slices(emails) for row in rows.filter(email__in=some)}


def matching(words: str, prefix: str = "") -> Q:
    """People in whose name, address or company every one of the words occurs, in any case and
    however their accents are written. `prefix` leads to the person from another model."""
    if len(words) > LONGEST_SEARCH:
        return occurs(words, f"{prefix}search_key")
    wanted = Q()
    for word in fold(words).replace("@", " ").split()[:8]:
        wanted &= occurs(word, f"{prefix}search_key")
    return wanted


def search(words: str) -> tuple[list[Attendee], list[AttendeeGroup]]:
    """The first few people and groups that fit what is being typed."""
    words = words.strip()
    if len(words) < 2:
        return [], []
    people = Attendee.standing.filter(matching(words))[:HITS]
    groups = with_sizes().filter(occurs(words, "sort_key"))[:HITS]
    return list(people), list(groups)


def with_sizes() -> QuerySet[AttendeeGroup]:
    """Groups with `size`, the number of people in them now; of one by rule it is not known before
    somebody works it out."""
    now = Q(memberships__removed_at=None, memberships__gone_at=None)
    return AttendeeGroup.objects.annotate(size=Count("memberships", filter=now))

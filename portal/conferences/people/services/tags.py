"""Tags: words on people. They come into being while somebody types, and are kept here alone.

What is done to many people is done in a few statements, and is one line in the tag's history.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Count, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common.batches import BATCH, slices
from portal.common.bulk import Among, insert_from
from portal.common.errors import NotPossible
from portal.common.reader.characters import check_text
from portal.common.reader.saying import reason
from portal.common.texts import Text, commas
from portal.conferences import history, sentences
from portal.conferences.models import Attendee, AttendeeGroup, Tag
from portal.conferences.models.folded import key_of
from portal.conferences.models.tag import LONGEST_TAG
from portal.conferences.people.services import clauses
from portal.identity import roles

TAG = "tag"  # no platform has them, so they are no kind of the sync
MOST_TAGS = 1000  # that there are
MOST_AT_ONCE = 20  # that are put on, or taken off, in one go
TAKEN = gettext_lazy("There is a tag of this name already. Merge the two instead.")
GONE = gettext_lazy("The tag was deleted meanwhile. Reload the page to see what there is.")
# The same as where a list is read: no tag that is made here may be two there.
APART = re.compile(r"(?:[,;|\n\r]|:::)+")
On = Tag.people.through


def names_in(text: str) -> list[str]:
    """The tags that a text names, with commas between them, each once. Raises NotPossible."""
    found: dict[str, str] = {}
    for part in APART.split(text):
        if name := checked(part):
            found.setdefault(key_of(name), name)
    if len(found) > MOST_AT_ONCE:
        said = _("That is more than %(most)d tags at once.") % {"most": MOST_AT_ONCE}
        raise NotPossible(said, {"tags": [said]})
    return list(found.values())


def checked(name: str) -> str:
    """The name as it is kept; empty where there is none. Raises NotPossible."""
    try:
        # Lists put such signs around a tag, and so none begins or ends with one.
        name = check_text(name.strip("\"' "), _("Tag"), LONGEST_TAG)
    except ValueError as error:
        raise NotPossible(reason(error), {"tags": [reason(error)]}) from None
    if name and not key_of(name):
        said = _("A tag needs at least one letter, number or sign.")
        raise NotPossible(said, {"tags": [said]})
    return name


def by_names(names: Iterable[str]) -> dict[str, Tag]:
    """The tags of these names, in any case, by their keys."""
    keys = {key_of(name) for name in names}
    rows = (row for some in slices(keys) for row in Tag.objects.filter(sort_key__in=some))
    return {row.sort_key: row for row in rows}


def known(names: Sequence[str]) -> list[Tag]:
    """The tags of these names. Raises NotPossible where one of them is none."""
    found = by_names(names)
    if strange := [name for name in names if key_of(name) not in found]:
        said = _("There is no tag of this name: %(names)s.") % {"names": ", ".join(strange)}
        raise NotPossible(said, {"tags": [said]})
    return list(found.values())


def made(names: Sequence[str]) -> list[Tag]:
    """The tags of these names, new ones among them. Call it within a transaction. Raises
    NotPossible where there would be too many."""
    found = by_names(names)
    if fresh := [Tag(name=name) for name in names if key_of(name) not in found]:
        if Tag.objects.count() + len(fresh) > MOST_TAGS:
            said = _("There are %(most)d tags. Merge or delete some of them first.")
            said %= {"most": MOST_TAGS}
            raise NotPossible(said, {"tags": [said]})
        Tag.objects.bulk_create(fresh, ignore_conflicts=True)  # a colleague may have been quicker
        found = by_names(names)
    return list(found.values())


def names_of(people: Sequence[int]) -> dict[int, list[str]]:
    """Person -> names of their tags, in one statement."""
    found: dict[int, list[str]] = {}
    if people:
        rows = On.objects.filter(attendee__in=Among(people)).order_by("tag__sort_key")
        for pk, name in rows.values_list("attendee", "tag__name"):
            found.setdefault(pk, []).append(name)
    return found


def put_on(rows: QuerySet[Attendee], names: Sequence[str], by: User | None) -> int:
    """Put tags on all of these people; answers on how many of them one is new.

    Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    with transaction.atomic():
        tags = _locked(made(names))
        before = _lacking(rows, tags)
        for tag in tags:
            _put(tag, rows, by)
        return before


def take_off(rows: QuerySet[Attendee], names: Sequence[str], by: User | None) -> int:
    """Take tags off all of these people; answers how many of them had one.

    Raises NotPossible where there is no such tag, NotAllowed.
    """
    roles.require(by)
    with transaction.atomic():
        tags = _locked(known(names))
        people = On.objects.filter(tag__in=tags, attendee__in=rows.order_by().values("pk"))
        had = people.values("attendee").distinct().count()
        for tag in tags:
            if number := people.filter(tag=tag).delete()[0]:
                _record("untagged", tag, sentences.PEOPLE_UNTAGGED(count=number), by)
    return had


def change(person: Attendee, names: Sequence[str], by: User | None, *, on: bool = True) -> None:
    """Put tags on one person, or take them off; the person's history says so.

    Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    with transaction.atomic():
        tags = _locked(made(names) if on else known(names))
        had = set(person.tags.values_list("pk", flat=True))
        changed = [tag for tag in tags if (tag.pk in had) is not on]
        if not changed:
            return
        if on:
            person.tags.add(*changed)
        else:
            person.tags.remove(*changed)
        said = commas(*(tag.name for tag in changed))
        history.record(
            "tagged" if on else "untagged",
            Kind.ATTENDEE,
            person.pk,
            actor=by,
            sentence=sentences.TAGGED(tags=said) if on else sentences.UNTAGGED(tags=said),
        )


def put_each(tagged: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Put on each of some people (keys) tags of their own, in a few statements. Call it within a
    transaction, and where history hears of it. Raises NotPossible."""
    some = [(pk, [key_of(name) for name in names], names) for pk, names in tagged]
    every = {key_of(name): name for _pk, _keys, names in some for name in names}
    if not every:
        return
    found = {tag.sort_key: tag.pk for tag in made(list(every.values()))}
    rows = (
        On(attendee_id=pk, tag_id=found[key])
        for pk, keys, _ in some
        for key in keys
        if key in found
    )
    On.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def rename(tag: Tag, name: str, by: User | None) -> Tag:
    """Give a tag another name. Raises NotPossible where another has it, NotAllowed."""
    roles.require(by)
    with transaction.atomic():
        (row,) = _locked([tag])
        before, row.name = row.name, name
        if before == name:
            return row
        _save(row)
        history.record(
            "changed",
            TAG,
            row.pk,
            actor=by,
            sentence=sentences.CHANGED(name=name),
            before={"name": before},
            after={"name": name},
        )
    return row


def create(name: str, by: User | None) -> Tag:
    """Make a tag that is on nobody yet. Raises NotPossible, NotAllowed."""
    roles.require(by)
    with transaction.atomic():
        if by_names([name]):
            raise NotPossible(TAKEN, {"name": [TAKEN]})
        (row,) = made([name])
        _record("created", row, sentences.CREATED(name=name), by)
    return row


def merge(keep: Tag, drop: Tag, by: User | None) -> int:
    """Whoever has the one has the other then, and the first is gone; answers on how many people
    the kept one is new. Raises NotPossible, NotAllowed."""
    roles.require(by)
    if keep.pk == drop.pk:
        said = _("These are one and the same tag. Choose another one.")
        raise NotPossible(said, {"into": [said]})
    with transaction.atomic():
        rows = {row.pk: row for row in _locked([keep, drop])}
        theirs = Attendee.objects.filter(tags=drop)
        count = theirs.count()
        number = _insert(keep, theirs)
        for group in AttendeeGroup.objects.filter(rule__isnull=False).select_for_update():
            rule = clauses.renamed(group.rule or {}, drop.pk, keep.pk)
            if rule != group.rule:
                AttendeeGroup.objects.filter(pk=group.pk).update(rule=rule)
        took = sentences.TAGS_MERGED(tag=rows[drop.pk].name, count=count)
        _record("merged", keep, took, by)
        _delete(rows[drop.pk], by, count)
    return number


def delete(tag: Tag, by: User | None) -> None:
    """Forget a tag; the people who had it stay. Raises NotPossible, NotAllowed."""
    roles.require(by)
    with transaction.atomic():
        (row,) = _locked([tag])
        _delete(row, by, row.people.count())


def move(keep: Attendee, drop: Attendee) -> None:
    """One person is made of two: what either was tagged with, the kept one is."""
    keep.tags.add(*drop.tags.all())
    drop.tags.clear()


def _locked(tags: Iterable[Tag]) -> list[Tag]:
    """The rows as they stand, always in one order. Raises NotPossible where one is gone."""
    keys = {tag.pk for tag in tags}
    rows = list(Tag.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if len(rows) < len(keys):
        raise NotPossible(GONE)
    return rows


def _lacking(rows: QuerySet[Attendee], tags: Sequence[Tag]) -> int:
    """How many of these people lack one of the tags."""
    of_each: Any = On.objects.filter(tag__in=tags).values("attendee").annotate(held=Count("tag"))
    having = of_each.filter(held=len(tags)).values("attendee")
    return rows.order_by().exclude(pk__in=having).count()


def _put(tag: Tag, rows: QuerySet[Attendee], by: User | None) -> None:
    if number := _insert(tag, rows):
        _record("tagged", tag, sentences.PEOPLE_TAGGED(count=number), by)


def _insert(tag: Tag, rows: QuerySet[Attendee]) -> int:
    same = Value(tag.pk, output_field=BigIntegerField())
    pairs = rows.order_by().annotate(its_tag=same).values_list("its_tag", "pk")
    return insert_from(On, ("tag", "attendee"), pairs)


def _delete(row: Tag, by: User | None, count: int) -> None:
    history.record(
        "deleted",
        TAG,
        row.pk,
        actor=by,
        sentence=sentences.DELETED(name=row.name),
        before={"name": row.name, "people": count},
    )
    row.delete()


def _record(action: str, tag: Tag, sentence: Text, by: User | None) -> None:
    history.record(action, TAG, tag.pk, actor=by, sentence=sentence)


def _save(row: Tag) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NotPossible(TAKEN, {"name": [TAKEN]}) from None

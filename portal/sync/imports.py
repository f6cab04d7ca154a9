"""Take up what nobody here knows, many records at once: a first sync, a long list of guests.

Records are gathered over listings and written many to a transaction, with columns in the place of
rows. Whatever needs more care (somebody who was merged, a name that is taken, a record that cannot
be kept) goes by the single step, `inbound.Import`. What is gathered and not written yet is lost
with the process and nothing else: the next listing shows it again.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import DataError, IntegrityError

from integrations.base.records import PARENTS, Kind
from portal.common import bulk, clock
from portal.common.texts import Text
from portal.conferences import history
from portal.conferences.models import Attendee, Change
from portal.conferences.models.history import MANY, ROWS
from portal.sync import digests, sentences
from portal.sync.context import SyncContext
from portal.sync.inbound import Import
from portal.sync.matching import first_bases, shown_by
from portal.sync.mirrors.base import Made, Mirror
from portal.sync.models import PlatformLink
from portal.sync.steps import Step

# So many are written in one transaction: on SQLite, where nobody else can write meanwhile, that
# takes a tenth of a second.
BATCH = 1500
# So many finds of one listing are told one by one; more of them in one sentence.
FEW = 3
logger = logging.getLogger(__name__)


class _Found(NamedTuple):
    step: Import
    made: Made


def gather(context: SyncContext, steps: Iterable[Import]) -> None:
    """Have these records taken up with others. `flush` must follow before anything relies on it."""
    for step in steps:
        gathered = context.gathered.setdefault(step.kind, [])
        gathered.append(step)
        if len(gathered) >= BATCH:
            _take_up(context, context.gathered.pop(step.kind))


def flush(context: SyncContext) -> None:
    """Write what was gathered, the kinds in their order."""
    gathered, context.gathered = context.gathered, {}
    for kind in sorted(gathered, key=list(Kind).index):
        _take_up(context, gathered[kind])


def _take_up(context: SyncContext, steps: list[Import]) -> None:
    """One batch: a second try where another worker has made the same people in this moment, and
    step by step where the batch cannot be kept as a whole."""
    alone = steps
    for _ in range(2):
        try:
            with context.lease.commit():
                found, alone = _write(context, steps)
        except (ValueError, DataError, IntegrityError):
            continue
        for place in _places(found):
            _report(context, place)
        break
    for step in alone:
        keep(context, step)


def _write(context: SyncContext, steps: list[Import]) -> tuple[list[_Found], list[Import]]:
    """Rows, links and history of a batch; answers what was made, and what is to be made alone."""
    mirror = steps[0].scope.mirror
    batch, alone = _apart(steps)
    given = [(_parent(step, "local_id"), shown_by(step.scope, step.record)) for step in batch]
    made = mirror.make_many(context.account, given)
    pairs = list(zip(batch, made, strict=True))
    alone += [step for step, one in pairs if one is None]
    found = [_Found(step, one) for step, one in pairs if one is not None]
    _link(context, mirror, found)
    history.keep(line for place in _places(found) for line in _lines(context, place))
    return found, alone


def _apart(steps: list[Import]) -> tuple[list[Import], list[Import]]:
    """Those of which nothing is known, and those to be taken alone: a second record of the same
    person, and one whose link outlived its row."""
    batch: list[Import] = []
    alone: list[Import] = []
    seen: set[tuple[Any, ...]] = set()
    ids: set[str | None] = set()
    needed = steps[0].scope.mirror.needed
    for step in steps:
        scope, record = step.scope, step.record
        who = tuple(str(record.fields.get(name) or "").strip().lower() for name in needed)
        parent = scope.parent.pk if scope.parent is not None else None
        key = (parent, *who) if who else (record.external_id,)
        if key in seen or record.external_id in ids or record.external_id in scope.by_id:
            alone.append(step)
        else:
            batch.append(step)
            seen.add(key)
            ids.add(record.external_id)
    return batch, alone


def _link(context: SyncContext, mirror: Mirror, found: list[_Found]) -> None:
    """The memory of each: which record it is, and on what both sides agree."""
    bases = [first_bases(one.step.scope, one.made.ours, one.step.record) for one in found]
    records = [one.step.record for one in found]
    now, compared = clock.now(), mirror.compared
    bulk.insert(
        PlatformLink,
        len(found),
        account=bulk.Same(context.account.pk),
        kind=bulk.Same(mirror.kind),
        local_id=[one.made.pk for one in found],
        external_id=[record.external_id for record in records],
        parent=[_parent(one.step, "pk") for one in found],
        base_ours=[ours for ours, _ in bases],
        base_theirs=[ours if ours == theirs else theirs for ours, theirs in bases],
        facts=[dict(record.facts) for record in records],
        volatile=[dict(record.volatile) for record in records],
        row_digest=[
            digests.of(record, compared, ours, theirs, record.facts)
            for record, (ours, theirs) in zip(records, bases, strict=True)
        ],
        marker=[record.marker for record in records],
        listed=[one.step.listed for one in found],
        detailed_at=[now if one.step.listed else None for one in found],
    )


def _parent(step: Import, name: str) -> int | None:
    return getattr(step.scope.parent, name) if step.scope.parent is not None else None


# What is said of it --------------------------------------------------------------------------


def _places(found: list[_Found]) -> Iterable[list[_Found]]:
    """What was found, listing by listing."""
    places: dict[Any, list[_Found]] = defaultdict(list)
    for one in found:
        places[one.step.scope.place].append(one)
    return places.values()


def _lines(context: SyncContext, place: list[_Found]) -> Iterable[Change]:
    """Lines of history: one for each webinar, and for others that are few."""
    step = place[0].step
    if len(place) <= FEW or step.kind is Kind.CONFERENCE:
        for one in place:
            about = (step.kind, one.made.pk, _conference(one))
            after = dict(one.step.record.fields)
            before = dict.fromkeys(after)
            yield _line(context, about, one.step.text(), before, after)
        return
    rows = {ROWS: [one.made.pk for one in place]}
    about = (step.kind, MANY, _conference(place[0]))
    yield _line(context, about, _many(place), {}, rows)


def _line(
    context: SyncContext,
    about: tuple[Kind, int, int | None],
    sentence: Text,
    before: dict[str, Any],
    after: dict[str, Any],
) -> Change:
    kind, local_id, conference_id = about
    return history.line(
        "found there",
        kind,
        local_id,
        source=context.source,
        sentence=sentence,
        conference_id=conference_id,
        before=before,
        after=after,
    )


def _conference(one: _Found) -> int | None:
    """The conference in whose history it belongs."""
    if one.step.kind is Kind.CONFERENCE:
        return one.made.pk
    above = PARENTS.get(one.step.kind) is Kind.CONFERENCE
    return _parent(one.step, "local_id") if above else None


def _many(place: list[_Found]) -> Text:
    scope = place[0].step.scope
    platform = scope.adapter.capabilities.name
    return sentences.FOUND[scope.kind](count=len(place), platform=platform)


def _report(context: SyncContext, place: list[_Found]) -> None:
    """The run's report: in few words where there are many."""
    step = place[0].step
    if len(place) > FEW:
        nobody: dict[str, Any] = {"title": "", "local_id": None, "external_id": None, "fields": {}}
        line = step.shown() | nobody | {"sentence": _many(place)}
        context.report(line, counter=step.counter, times=len(place))
        return
    for one in place:
        context.report(one.step.shown() | {"local_id": one.made.pk}, counter=step.counter)


# One by one ----------------------------------------------------------------------------------


def keep(context: SyncContext, step: Step) -> None:
    """Run one step of news. What cannot be kept here is left there, and said."""
    try:
        step.run(context)
    except (ValueError, DataError, IntegrityError) as error:
        logger.warning("%s %s cannot be kept: %s", step.kind, step.title, type(error).__name__)
        context.trouble(_not_kept(step, context.platform))


def _not_kept(step: Step, platform: str) -> Text:
    """Why news of a record cannot be written here; of a shared address, what can be done."""
    taken = step.fields.get("email", [None, None])[1]
    others = Attendee.objects.filter(email=str(taken or "").lower())
    if step.kind is Kind.ATTENDEE and step.row is not None and taken and others.exists():
        return sentences.ADDRESS_TAKEN(title=step.title, address=str(taken), platform=platform)
    title = step.title or sentences.a_kind(step.kind)
    return sentences.NOT_KEPT(title=title, platform=platform)

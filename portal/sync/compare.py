"""The rules of sync, pure: no Django, no platform, no clock. Everything else only obeys them.

Both sides are compared with their own base, the value that each held when they last agreed, and
never with each other: a platform trims, re-cases and re-zones what it is given, and a single base
would send the same change to and fro for ever.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from integrations.base.records import Record
from portal.sync import texts

Values = Mapping[str, Any]
_NOTHING = object()

# The brake: more than this share, and more than this many, missing at once.
BRAKE_SHARE, BRAKE_COUNT = 0.3, 2
ABSENCES_TO_BELIEVE = 2
FLIPS_TO_FREEZE = 3
# For so many seconds what was seen of a record may be acted on, since others work there meanwhile.
# The first where one request shows it anew, the second where a whole list must be read for it.
OBSERVATION_SECONDS, LISTED_SECONDS = 1.0, 5.0


@dataclass(frozen=True, slots=True)
class Clash:
    """Both sides changed one field, differently. Theirs is taken, ours is kept here."""

    name: str
    ours: Any
    theirs: Any
    base: Any
    refused: bool = False  # ours alone changed, but the platform cannot be told


@dataclass(slots=True)
class Merged:
    """What a comparison of one record with one row asks for."""

    take: dict[str, Any] = field(default_factory=dict)
    push: set[str] = field(default_factory=set)
    clashes: list[Clash] = field(default_factory=list)
    base_ours: dict[str, Any] = field(default_factory=dict)
    base_theirs: dict[str, Any] = field(default_factory=dict)

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to tell anybody."""
        return not (self.take or self.push or self.clashes)


def merge(
    *,
    base_ours: Values,
    base_theirs: Values,
    ours: Values,
    theirs: Values,
    expected: Values,
    sendable: Collection[str],
    together: Collection[str] = (),
) -> Merged:
    """Compare field by field. `expected` is what the platform shows when it is given `ours`.
    `together` are fields that it holds as one: of a name no half is taken or sent.

    The bases in the result hold what may be written at once; a field that is to be pushed keeps
    its old base until the platform has taken it.
    """
    result = Merged(base_ours=dict(base_ours), base_theirs=dict(base_theirs))
    one = [name for name in together if name in ours and name in theirs]
    made = _made_of_ours(base_ours, base_theirs, theirs, one)
    same = {n: expected.get(n, v) for n, v in ours.items() if n in base_ours and v == base_ours[n]}
    made |= _made_of_ours(same, base_theirs, theirs, one)
    base_theirs = {**base_theirs, **made}
    result.base_theirs |= made
    for name in sorted(ours.keys() & theirs.keys()):
        _merge_field(result, name, base_ours, base_theirs, ours, theirs, expected, sendable)
    _keep_whole(result, one, base_ours, base_theirs, ours, theirs, sendable)
    for name in sorted((ours.keys() - theirs.keys()) & set(sendable)):
        _merge_unseen(result, name, base_ours, ours)
    return result


def _merge_field(
    result: Merged,
    name: str,
    base_ours: Values,
    base_theirs: Values,
    ours: Values,
    theirs: Values,
    expected: Values,
    sendable: Collection[str],
) -> None:
    mine, shown = ours[name], theirs[name]
    if expected.get(name, mine) == shown:
        result.base_ours[name], result.base_theirs[name] = mine, shown
        return
    we_changed = name in base_ours and mine != base_ours[name]
    they_changed = name not in base_theirs or shown != base_theirs[name]
    if they_changed and _written_anew(name, base_ours, base_theirs, shown):
        result.base_theirs[name] = shown
        they_changed = False
    if they_changed:
        result.take[name] = shown
        if we_changed or name not in base_ours:
            result.clashes.append(Clash(name, mine, shown, base_ours.get(name)))
    elif we_changed and name in sendable:
        result.push.add(name)
    elif we_changed:
        result.take[name] = shown
        result.clashes.append(Clash(name, mine, shown, base_ours[name], refused=True))


def _made_of_ours(
    base_ours: Values, base_theirs: Values, theirs: Values, one: Collection[str]
) -> dict[str, Any]:
    """What we sent and the answer did not show: this is what the platform made of it. It is known
    by what was sent, and not by ours as it is now, which may have been edited since."""
    sent = [n for n in theirs if n in base_ours and n not in base_theirs]
    made = {name: theirs[name] for name in sent if resembles(base_ours[name], theirs[name])}
    whole = set(one) & set(sent) and all(name in base_ours for name in one)
    if whole and one_resembles(one, base_ours, theirs):
        made |= {name: theirs[name] for name in one}
    return made


def _keep_whole(
    result: Merged,
    one: Collection[str],
    base_ours: Values,
    base_theirs: Values,
    ours: Values,
    theirs: Values,
    sendable: Collection[str],
) -> None:
    """Of fields that a platform holds as one, what stands beside a change goes with it; but not
    what only stands there for something that we do not have."""
    settled = result.take.keys() | result.push
    left = [name for name in one if ours[name] != theirs[name] and name not in settled]
    if result.take.keys() & set(one):
        words = set(" ".join(str(base_ours.get(name) or "") for name in one).casefold().split())
        for name in left:
            known = theirs[name] == base_theirs.get(name)
            if ours[name] or not known or words >= set(str(theirs[name]).casefold().split()):
                result.take[name] = theirs[name]
    elif result.push & set(one):
        result.push |= set(left) & set(sendable)


def _merge_unseen(result: Merged, name: str, base_ours: Values, ours: Values) -> None:
    """A field that can be sent but is not shown: it goes out when ours has changed."""
    if name not in base_ours:
        result.base_ours[name] = ours[name]
    elif ours[name] != base_ours[name]:
        result.push.add(name)


def as_agreed(record: Record, base_ours: Values, base_theirs: Values, facts: Values) -> bool:
    """Whether a record asks for nothing: it shows, of what is compared, what theirs held when both
    last agreed, and no fact that is not known."""
    if record.partial:
        return False
    for name, value in record.fields.items():
        if name in base_ours and base_theirs.get(name, _NOTHING) != value:
            return False
    return all(facts.get(name, _NOTHING) == value for name, value in record.facts.items())


def changed_there(base_theirs: Values, theirs: Values) -> bool:
    """Whether a record differs from what it held when both sides last agreed."""
    both = theirs.keys() & base_theirs.keys()
    return any(not _alike(base_theirs[name], theirs[name]) for name in both)


def resembles(mine: Any, shown: Any) -> bool:
    """Whether `shown` could be what a platform made of `mine`: trimmed, re-cased, cut, cleaned."""
    if not isinstance(mine, str) or not isinstance(shown, str):
        return bool(mine == shown)
    return texts.resembles(mine, shown)


def one_resembles(names: Collection[str], mine: Values, shown: Values) -> bool:
    """The same for fields that a platform holds as one, put together."""
    a, b = (" ".join(str(values.get(n) or "") for n in names) for values in (mine, shown))
    return bool(b.strip()) and resembles(a, b)


def _written_anew(name: str, base_ours: Values, base_theirs: Values, shown: Any) -> bool:
    """Whether it is still what both agreed upon, written in another way: a panel saved again."""
    plain, before = base_ours.get(name), base_theirs.get(name)
    if not (isinstance(plain, str) and isinstance(before, str) and isinstance(shown, str)):
        return False
    return texts.same_written(plain, before) and texts.same_written(plain, shown)


def _alike(before: Any, shown: Any) -> bool:
    if not isinstance(before, str) or not isinstance(shown, str):
        return bool(before == shown)
    return texts.tidy(before) == texts.tidy(shown)


def seen_lately(seconds: float, *, gettable: bool) -> bool:
    """Whether what was seen so many seconds ago may still be acted on; `gettable`: whether one
    request would show it anew."""
    return seconds <= (OBSERVATION_SECONDS if gettable else LISTED_SECONDS)


def pulls_brake(known: int, missing: int, most: int | None = None) -> bool:
    """Whether so much is missing at once that a person must look before anything is believed.

    A list that can hold one at `most` needs no brake: who stood there was replaced, or nobody is
    there, and either is told of that one. It is missed twice and asked for like any other.
    """
    if not missing or most == 1:
        return False
    return missing == known or (missing > BRAKE_COUNT and missing > known * BRAKE_SHARE)


class Absence(StrEnum):
    """What to make of a record that a listing did not show."""

    IGNORE = "ignore"
    COUNT = "count"
    ASK = "ask"  # one get decides
    GONE = "gone"


def absence(*, accepted: bool, misses: int, can_ask: bool, apart: bool = True) -> Absence:
    """Only accepted listings prove an absence; two of them, `apart`, which is not within one sync;
    then a get where there is one."""
    if not (accepted and apart):
        return Absence.IGNORE
    if misses + 1 < ABSENCES_TO_BELIEVE:
        return Absence.COUNT
    return Absence.ASK if can_ask else Absence.GONE


def deleted_surely(*, absences: int) -> bool:
    """Whether a delete of ours, which the platform has confirmed, was borne out by an accepted
    listing: what is shown under the same id from then on was made anew by others."""
    return absences > 0


class Creation(StrEnum):
    """What to do about a create whose outcome nobody knows."""

    WAIT = "wait"
    COUNT = "count"
    AGAIN = "again"


def creation(
    *,
    accepted: bool,
    after_grace: bool,
    absences: int,
    apart: bool = True,
) -> Creation:
    """A create is repeated only after two accepted listings, begun after the grace, lack it. They
    lie `apart`: one interval of the account at least."""
    if not (accepted and after_grace and apart):
        return Creation.WAIT
    return Creation.AGAIN if absences + 1 >= ABSENCES_TO_BELIEVE else Creation.COUNT


class Likeness(StrEnum):
    """How much a record that nobody knows is like what was sent by a create without an answer."""

    SAME = "same"  # title and start
    ALIKE = "alike"  # one of both, and what else is known
    PERHAPS = "perhaps"  # little speaks for it, and nothing against it
    NO = "no"


def likeness(
    *,
    same: Collection[bool],
    same_length: bool,
    in_time: bool | None,
    untold: bool = False,
) -> Likeness:
    """`same` says of each part of the natural key whether it is the same, `same_length` of the
    duration (so it is where neither tells). `in_time` tells whether it was made while the request
    was under way; None where the platform does not say, but shows it for the first time. `untold`:
    neither the platform nor an earlier listing tells, since none has been read to its end."""
    if all(same):
        return Likeness.PERHAPS if in_time is False and not same_length else Likeness.SAME
    if in_time is False:
        return Likeness.PERHAPS if untold and any(same) and same_length else Likeness.NO
    if any(same) and same_length:
        return Likeness.ALIKE
    return Likeness.PERHAPS if in_time or any(same) or same_length else Likeness.NO


def flip(flips: Values, name: str, ours: Any, theirs: Any) -> list[Any]:
    """The new count for pushing `ours` over `theirs`: [ours, theirs, times]."""
    last = flips.get(name)
    times = last[2] if last and last[:2] == [ours, theirs] else 0
    return [ours, theirs, times + 1]


def frozen(flips: Values, name: str, ours: Any, theirs: Any) -> bool:
    """Whether the same value went over the same value too often: something else writes there."""
    return bool(flip(flips, name, ours, theirs)[2] > FLIPS_TO_FREEZE)

"""Messages about several conferences that reach one person as one (`Invitation.together`).

Each stays a message about one conference: what its reader was told of it, how often, and what came
of it is kept there. But they leave together, when the platform has accepted all that they speak
of. One that is held back stays behind, and leaves by itself when that is mended; one that has no
point any more is left out.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.conferences.mails.services.acceptance import Fate, OpenEntries, Verdict, judge
from portal.conferences.mails.services.told import UNSENT
from portal.conferences.models import Invitation

Party = list[Invitation]
Judged = list[tuple[Invitation, Verdict]]


def leading(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """The first of each party; those that go along with it are left out."""
    first = Invitation.objects.filter(
        together=OuterRef("together"),
        to_email=OuterRef("to_email"),
        state__in=UNSENT,
        pk__lt=OuterRef("pk"),
    )
    return rows.filter(Q(together=None) | ~Exists(first))


def parties(rows: Iterable[Invitation]) -> list[Party]:
    """Each message with those that leave with it, as they stand now, in one statement."""
    given = list(rows)
    keys = {_key(one) for one in given if one.together}
    found: dict[tuple[object, str], Party] = {key: [] for key in keys}
    if keys:
        some = whole(Invitation.objects.filter(state__in=UNSENT)).filter(
            together__in={together for together, _email in keys},
            to_email__in={email for _together, email in keys},
        )
        for one in some.order_by("pk"):
            if (key := _key(one)) in found:
                found[key].append(one)
    return [found.get(_key(one)) or [one] for one in given]


def whole(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """With all that is read of a message before it leaves."""
    return rows.select_related(
        "conference__account",
        "registration__attendee",
        "moderator",
        "unconfirmed__page__series",
        "asked__poll__account",
    )


def judged(party: Party, entries: OpenEntries) -> Judged:
    """What would become of each now, by itself."""
    return [(letter, judge(letter, entries)) for letter in party]


def going(found: Judged, moment: datetime) -> Party:
    """Those of a party that leave at a moment: none, as long as one of them has to wait."""
    for letter, (fate, _why) in found:
        put_off = letter.state == letter.State.WAITING and letter.not_before > moment
        if fate is Fate.WAIT or (fate is Fate.GO and put_off):
            return []
    return [letter for letter, (fate, _why) in found if fate is Fate.GO]


def all_of(some: Sequence[Party]) -> Iterable[Invitation]:
    """The messages of some parties."""
    return (letter for party in some for letter in party)


def _key(one: Invitation) -> tuple[object, str]:
    return one.together, one.to_email

"""How many are registered, kept beside conferences and people for the order of long lists.

A page counts anew what it shows, which is cheap for its rows alone; but to sort everything by a
number, the number has to be stored. Whatever adds, ends or moves registrations calls `keep`; a
sync does it once for all that it did. `wrong` finds what does not agree, `recount` mends it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.common import bulk
from portal.common.batches import BATCH, slices
from portal.conferences.models import Attendee, Conference, Registration
from portal.platforms.models import PlatformAccount

# Who counts: those who are registered, and not who was only invited.
COUNTED: dict[str, Any] = {"removed_at": None, "stage": Registration.Stage.REGISTERED}
# In the order in which rows are locked everywhere: a conference before its people.
_KEPT: dict[str, tuple[type[Model], str]] = {
    "conference": (Conference, "people_counted"),
    "attendee": (Attendee, "webinars_counted"),
}


def standing(key: str) -> Coalesce:
    """How many registrations of a row stand now; `key` is what leads from them to the row."""
    own = Registration.objects.filter(**COUNTED, **{key: OuterRef("pk")}).order_by()
    counted = own.values(key).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def keep(*, conferences: Iterable[int] = (), people: Iterable[int] = ()) -> None:
    """Count anew for rows whose registrations were added, ended or moved."""
    for key, ids in (("conference", conferences), ("attendee", people)):
        for some in slices(sorted(set(ids)), BATCH):
            _count(key, some)


def added(conference: int, people: Iterable[int]) -> None:
    """Add one for each of these people, who are new at a conference. Nothing is counted, since
    this is done for one small part after another; the people are locked in order all the same."""
    ids = sorted(people)
    Conference.objects.filter(pk=conference).update(people_counted=F("people_counted") + len(ids))
    for some in slices(ids, BATCH):
        rows = Attendee.objects.filter(pk__in=bulk.Among(some))
        with transaction.atomic(savepoint=False):
            list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
            rows.update(webinars_counted=F("webinars_counted") + 1)


def after_run(account: PlatformAccount, since: datetime) -> None:
    """Count anew what a sync of an account has changed since it began, where it is not right
    already: who was found there for the first time was counted with their row."""
    touched = Registration.objects.filter(conference__account=account, updated_at__gte=since)
    keep(
        conferences=_off("conference", touched.order_by().values("conference")),
        people=_off("attendee", touched.order_by().values("attendee")),
    )


def wrong() -> dict[str, int]:
    """Column -> how many stored numbers do not agree with the registrations."""
    return {column: len(_off(key)) for key, (_, column) in _KEPT.items()}


def recount() -> None:
    """Mend every stored number that does not agree."""
    keep(conferences=_off("conference"), people=_off("attendee"))


def _off(key: str, among: QuerySet[Any] | None = None) -> list[int]:
    model, column = _KEPT[key]
    rows = model._base_manager.alias(number=standing(key)).exclude(**{column: F("number")})
    rows = rows if among is None else rows.filter(pk__in=among)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _count(key: str, ids: list[int]) -> None:
    """Count for some rows. They are locked first, in the order of their keys: what another
    transaction does to one of them is then either counted here, or counts what is done here."""
    model, column = _KEPT[key]
    among = bulk.Among(ids)
    rows: QuerySet[Any] = model._base_manager.filter(pk__in=among)
    found = Registration.objects.filter(**COUNTED, **{f"{key}__in": among}).order_by()
    with transaction.atomic(savepoint=False):
        locked = rows.select_for_update(no_key=True).order_by("pk")
        stored = dict(locked.values_list("pk", column))
        counted = dict(found.values_list(key).annotate(number=Count("pk")))
        moved: dict[int, list[int]] = defaultdict(list)
        for pk, number in stored.items():
            if change := counted.get(pk, 0) - number:
                moved[change].append(pk)
        for change, some in moved.items():
            model._base_manager.filter(pk__in=bulk.Among(some)).update(
                **{column: F(column) + change}
            )

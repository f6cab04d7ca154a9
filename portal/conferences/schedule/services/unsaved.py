"""Keep what somebody types into a schedule form, until it is saved."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.kept_forms import is_secret
from portal.conferences.models import Conference, Series, UnsavedForm
from portal.conferences.models.unsaved_form import LONGEST_CALLED
from portal.identity import roles

KEPT = timedelta(days=14)
MOST = 10  # forms of one person
OFFERED = 3  # of them on a page
MOST_CHARACTERS = 60_000  # of one form
MOST_FIELDS = 400
TOO_MUCH = gettext_lazy("This is too much text to be kept before it is saved.")
# Buttons, and answers that count for one press alone.
_PRESSED = {
    *("csrfmiddlewaretoken", "refresh", "more", "draft", "schedule", "publish", "save"),
    *("preview", "asked", "anyway", "like", "fill", "do", "tell"),
}
# A form in which none of these stands was not begun.
_BEGINNINGS = {"title", "description", "date", "time"}

Pairs = Iterable[tuple[str, str]]


def keep(user: User, pairs: Pairs, conference: Conference | None = None) -> UnsavedForm | None:
    """Keep a form as it is now, in place of what was kept of it before. None where there is
    nothing to keep: a form without a uid, one that was not begun, or has been saved (a late message
    must not bring it back). Raises NotPossible where it is too much, NotAllowed."""
    roles.require(user)
    fields = [(n, t) for n, t in pairs if n not in _PRESSED and not is_secret(n)]
    uid = _uid(dict(fields).get("uid", ""))
    size = sum(len(name) + len(text) for name, text in fields)
    if size > MOST_CHARACTERS or len(fields) > MOST_FIELDS:
        raise NotPossible(TOO_MUCH)
    if uid is None or _is_saved(uid):
        return None
    if conference is None and not _is_begun(fields):
        forget(user, uid)
        return None
    values = {
        "conference": conference,
        "called": _called(dict(fields).get("title", "")),
        "fields": {"pairs": fields},
        "kept_at": clock.now(),
    }
    with transaction.atomic():
        row, _made = UnsavedForm.objects.update_or_create(user=user, uid=uid, defaults=values)
        newest = UnsavedForm.objects.filter(user=user).values_list("pk", flat=True)
        if surplus := list(newest[MOST : 2 * MOST]):
            UnsavedForm.objects.filter(pk__in=surplus).delete()
    return row


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _is_saved(uid: UUID) -> bool:
    name = f"{uid}@lectern"
    made = Conference.objects.filter(calendar_uid=name).values("pk")
    return made.union(Series.objects.filter(uid=name).values("pk"), all=True).exists()


def _is_begun(fields: Pairs) -> bool:
    return any(
        text.strip() and (name in _BEGINNINGS or name.endswith(("-name", "-email")))
        for name, text in fields
    )


def _called(title: str) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    return Truncator(plain).chars(LONGEST_CALLED)


def of(user: User, conference: Conference | None = None) -> list[UnsavedForm]:
    """What is offered to somebody who opens the form: for a new one, or to edit this one."""
    since = clock.now() - KEPT
    rows = UnsavedForm.objects.filter(user=user, conference=conference, kept_at__gte=since)
    return list(rows.defer("fields")[:OFFERED])


def find(user: User, uid: str, conference: Conference | None = None) -> UnsavedForm | None:
    """One that is to be gone on with; None where it is somebody else's, or no more."""
    wanted = _uid(uid)
    if wanted is None:
        return None
    return UnsavedForm.objects.filter(user=user, uid=wanted, conference=conference).first()


def pairs_of(row: UnsavedForm) -> list[tuple[str, str]]:
    """The fields in their order; none where no key reads them."""
    return [(str(name), str(text)) for name, text in row.fields.get("pairs", [])]


def forget(user: User, uid: UUID | str | None) -> bool:
    """Drop it, once it was saved or is not wanted; answers whether there was one."""
    wanted = uid if isinstance(uid, UUID) else _uid(uid or "")
    if wanted is None:
        return False
    return bool(UnsavedForm.objects.filter(user=user, uid=wanted).delete()[0])


def prune() -> None:
    """Forget what nobody went on with."""
    UnsavedForm.objects.filter(kept_at__lt=clock.now() - KEPT).delete()

"""All that the portal knows of a kind, in one table. A new kind is one entry here.

What platforms and portal both know of it (fields, parent) stands in `integrations.base.records`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common.texts import Words
from portal.sync.mirrors.base import Mirror
from portal.sync.mirrors.conferences import ConferenceMirror, ModeratorMirror, RegistrationMirror
from portal.sync.mirrors.people import AttendeeMirror, GroupMirror, MembershipMirror
from portal.sync.mirrors.results import AttendanceMirror, RecordingMirror, SessionMirror


@dataclass(frozen=True, slots=True)
class KeptKind:
    """One kind as the portal keeps it.

    `place` orders the kinds on pages. `word` is what staff call one, and `title` how they tell it
    from others. `page` is the noun whose page shows a row, `page_key` where on the row that page's
    key stands; `related` is read along for both. `account` is where the row's account stands,
    empty for a person, who stands on no one account. What is left out is
    that of a part of a conference.
    """

    mirror: Mirror
    place: int
    word: Words
    page: str = "conference"
    page_key: str = "conference_id"
    account: str = "conference__account_id"
    related: tuple[str, ...] = ("conference",)
    title: Callable[[Any], str] = str

    @property
    def model(self) -> type[Model]:
        """Our table."""
        return self.mirror.model


# By the kind's name as well, as tables of the database hold it.
KINDS: dict[str, KeptKind] = {
    Kind.ATTENDEE: KeptKind(
        AttendeeMirror(),
        page="person",
        page_key="pk",
        place=3,
        word=gettext_lazy("person"),
        account="",
        related=(),
    ),
    Kind.GROUP: KeptKind(
        GroupMirror(),
        page="group",
        page_key="pk",
        place=4,
        word=gettext_lazy("group"),
        account="account_id",
        related=(),
    ),
    Kind.MEMBERSHIP: KeptKind(
        MembershipMirror(),
        page="group",
        page_key="group_id",
        place=5,
        word=gettext_lazy("membership"),
        account="group__account_id",
        related=("group", "attendee"),
    ),
    Kind.CONFERENCE: KeptKind(
        ConferenceMirror(),
        page_key="pk",
        place=0,
        word=gettext_lazy("webinar"),
        account="account_id",
        related=(),
        title=lambda row: str(row.title),
    ),
    Kind.MODERATOR: KeptKind(
        ModeratorMirror(),
        place=1,
        word=gettext_lazy("moderator"),
        title=lambda row: (
            _("%(name)s at %(webinar)s") % {"name": row.name, "webinar": row.conference.title}
        ),
    ),
    Kind.REGISTRATION: KeptKind(
        RegistrationMirror(),
        place=2,
        word=gettext_lazy("registration"),
        related=("conference", "attendee"),
    ),
    Kind.SESSION: KeptKind(
        SessionMirror(),
        place=6,
        word=gettext_lazy("session"),
    ),
    Kind.ATTENDANCE: KeptKind(
        AttendanceMirror(),
        page_key="session.conference_id",
        place=7,
        word=gettext_lazy("attendance"),
        account="session__conference__account_id",
        related=("session",),
    ),
    Kind.RECORDING: KeptKind(
        RecordingMirror(),
        place=8,
        word=gettext_lazy("recording"),
    ),
}


def mirror_of(kind: str) -> Mirror:
    """How rows of a kind read as fields, and take the platform's. Raises KeyError."""
    return KINDS[kind].mirror


def row_of(kind: str, local_id: int | None) -> Any:
    """One row of ours; None where it is no longer here, or nothing of the kind is kept."""
    kept = KINDS.get(kind)
    return kept.mirror.row(local_id) if kept is not None and local_id is not None else None


def rows_of(kind: str, ids: Collection[int]) -> dict[int, Any]:
    """Rows of ours by their keys, with what is read along."""
    kept = KINDS.get(kind)
    if kept is None or not ids:
        return {}
    rows = kept.model._base_manager.filter(pk__in=ids)
    return {row.pk: row for row in rows.select_related(*kept.related)}


def word_of(kind: str) -> str:
    """The kind as staff say it."""
    return str(KINDS[kind].word) if kind in KINDS else str(kind)

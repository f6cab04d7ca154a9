"""A conflict is a question with a few answers; this says which, and carries one out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.texts import Text
from portal.conferences import history
from portal.conferences.fields import label_of
from portal.conferences.mails.services import Telling
from portal.identity import roles
from portal.sync import addresses, sentences
from portal.sync.models import Conflict, PlatformLink
from portal.sync.services import clocks, conflict_values, duplicates, gone_there, lost_creates
from portal.sync.services.entries import conference_of, settled_meanwhile
from portal.sync.services.recipients import NOT_ASKED, Notice

Sort = Conflict.Sort
Handler = Callable[[Conflict, Any, Telling], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: `value` is what a form posts, `sentence` what will happen then. `answer` is its
    label, as the history keeps it.

    `prepare` asks the platform first, before anything is locked, and answers the act. `notifies`
    says who would be told.
    """

    value: str
    answer: Text
    sentence: str
    act: Handler
    prepare: Callable[[Conflict], Handler] | None = None
    notifies: Callable[[Conflict], Notice | None] | None = None

    @property
    def label(self) -> str:
        """The answer as its button reads."""
        return str(self.answer)


def _accept(conflict: Conflict, by: User | None, telling: Telling) -> None:
    """What is in use stays in use."""


def choices(conflict: Conflict) -> list[Choice]:
    """The answers that a conflict may be given, in the order in which they are shown."""
    platform = conflict.account.platform_name
    if conflict.sort == Sort.DELETE:
        still = conflict.link.state == PlatformLink.State.DELETED
        return _still(platform) if still else _edited(platform)
    if conflict.sort == Sort.REFUSED and conflict.winner == "ours":
        return [
            Choice(
                "ours",
                sentences.LEAVE_IT_SO,
                _("%(platform)s keeps its own value.") % {"platform": platform},
                _accept,
            )
        ]
    if conflict.sort == Sort.WHICH:
        return _which(conflict)
    if conflict.sort == Sort.GONE and conflict.kind == Kind.GROUP:
        return _gone_group(platform)
    if conflict.sort == Sort.GONE and conflict.kind in (Kind.MODERATOR, Kind.REGISTRATION):
        return _gone_person(platform)
    return _ANSWERS[Sort(conflict.sort)](platform)


def choice_of(conflict: Conflict, value: str) -> Choice:
    """One answer by its value. Raises NotPossible where there is none such."""
    found = {one.value: one for one in choices(conflict)}.get(value)
    if found is None:
        raise NotPossible(_("This is not one of the answers. Reload the page."))
    return found


def resolve(
    conflict: Conflict, choice: str, by: User | None, notify: Telling | bool = NOT_ASKED
) -> None:
    """Carry out an answer; `notify` says whether people hear of it, and in which words.

    Raises NotPossible (also where it was answered before), NotAllowed.
    """
    roles.require(by)
    found = choice_of(conflict, choice)
    act = found.prepare(conflict) if found.prepare else found.act
    with transaction.atomic():
        row = _unanswered(conflict)
        act(row, by, Telling.of(notify))
        _close(row, found, by)


def _unanswered(conflict: Conflict) -> Conflict:
    rows = Conflict.objects.select_for_update(of=("self",)).select_related("link", "account")
    row = rows.get(pk=conflict.pk)
    if row.resolved_at:
        raise settled_meanwhile()
    return row


def _close(row: Conflict, choice: Choice, by: User | None) -> None:
    """Settle it, with older ones about the same field: the newest answer is the answer."""
    same = Conflict.objects.filter(link=row.link, sort=row.sort, field=row.field, resolved_at=None)
    same.update(resolved_at=clock.now(), resolved_by=by, resolution=choice.value)
    if row.local_id is not None:
        history.record(
            "conflict decided",
            row.kind,
            row.local_id,
            actor=by,
            sentence=_decided(row, choice),
            conference_id=conference_of(row.kind, row.local_id),
        )


def _decided(row: Conflict, choice: Choice) -> Text:
    sort = sentences.SORTS[row.sort]
    if row.field:
        return sentences.DECIDED_FIELD(
            sort=sort, field=label_of(row.field, row.account), choice=choice.answer
        )
    return sentences.DECIDED(sort=sort, choice=choice.answer)


def _field(platform: str) -> list[Choice]:
    return [
        Choice(
            "ours",
            sentences.USE_OURS,
            _("Our value is sent to %(platform)s.") % {"platform": platform},
            conflict_values.put_ours,
            notifies=conflict_values.notice_of_ours,
        ),
        Choice(
            "theirs",
            sentences.KEEP_THEIRS,
            _("The value of %(platform)s stays.") % {"platform": platform},
            conflict_values.keep_theirs,
            notifies=conflict_values.notice_of_kept,
        ),
    ]


def _refused(platform: str) -> list[Choice]:
    return [
        Choice(
            "theirs",
            sentences.KEEP_THEIRS,
            _("%(platform)s keeps its own value.") % {"platform": platform},
            _accept,
        )
    ]


def _flip(platform: str) -> list[Choice]:
    return [
        Choice(
            "ours",
            sentences.SEND_AGAIN,
            _("Our value is sent to %(platform)s.") % {"platform": platform},
            conflict_values.send_again,
        ),
        Choice(
            "theirs",
            sentences.TAKE_THEIRS,
            _("The value of %(platform)s is used.") % {"platform": platform},
            conflict_values.take_theirs,
            notifies=conflict_values.notice_of_theirs,
        ),
    ]


def _edited(platform: str) -> list[Choice]:
    return [
        Choice(
            "ours",
            sentences.CANCEL_ANYWAY,
            _("It is deleted on %(platform)s as well.") % {"platform": platform},
            gone_there.cancel,
            notifies=gone_there.notice_of_cancellation,
        ),
        Choice(
            "theirs",
            sentences.KEEP_IT,
            _("It takes place, as changed there."),
            gone_there.keep_edited,
            notifies=gone_there.notice_of_return,
        ),
    ]


def _still(platform: str) -> list[Choice]:
    return [
        Choice(
            "ours",
            sentences.DELETE_AGAIN,
            _("%(platform)s is asked once more.") % {"platform": platform},
            gone_there.delete_again,
        ),
        Choice(
            "theirs",
            sentences.BRING_BACK,
            _("It is taken up here again."),
            gone_there.bring_back,
            notifies=gone_there.notice_of_return,
        ),
    ]


def _gone(platform: str) -> list[Choice]:
    return [
        Choice(
            "recreate",
            sentences.MAKE_AGAIN,
            _("%(platform)s gets a new one.") % {"platform": platform},
            gone_there.recreate,
            notifies=gone_there.notice_of_another,
        ),
        Choice(
            "accept_loss",
            sentences.ACCEPT_LOSS,
            _("It is marked as cancelled here too."),
            gone_there.accept_loss,
            notifies=gone_there.notice_of_cancellation,
        ),
    ]


def _gone_person(platform: str) -> list[Choice]:
    return [
        Choice(
            "recreate",
            sentences.ADD_AGAIN,
            _("%(platform)s is told to add them.") % {"platform": platform},
            gone_there.recreate,
        ),
        Choice(
            "accept_loss",
            sentences.TAKE_OFF,
            _("Name and address stay here."),
            gone_there.accept_loss,
            notifies=gone_there.notice_of_cancellation,
        ),
    ]


def _gone_group(platform: str) -> list[Choice]:
    return [
        Choice(
            "recreate",
            sentences.MAKE_AGAIN,
            _("%(platform)s gets a new one.") % {"platform": platform},
            gone_there.recreate,
        ),
        Choice("here", sentences.KEEP_HERE, _("It stays as it is here."), gone_there.keep_here),
        Choice("accept_loss", sentences.DELETE_HERE, _("Its people stay."), gone_there.accept_loss),
    ]


def _duplicate(platform: str) -> list[Choice]:
    return [
        Choice(
            "ignore", sentences.LEAVE_DOUBLE, _("It is left alone and not added here."), _accept
        ),
        Choice(
            "import",
            sentences.ADD_DOUBLE,
            _("It becomes a webinar of its own."),
            _accept,
            duplicates.prepare,
        ),
    ]


def _clock(platform: str) -> list[Choice]:
    return [
        Choice(
            "clock",
            sentences.KEEP_CLOCK,
            _("It begins when the clocks there show what was planned. %(platform)s is told.")
            % {"platform": platform},
            clocks.keep_clock,
            notifies=clocks.notice_of_clock,
        ),
        Choice(
            "instant",
            sentences.KEEP_INSTANT,
            _("It begins when planned. Clocks there show another time; nobody is notified."),
            clocks.keep_instant,
        ),
    ]


def _which(conflict: Conflict) -> list[Choice]:
    taken = _("It belongs to ours from now on, as it was changed there.")
    found = [
        Choice(
            lost_creates.name_of(one),
            sentences.IT_IS(title=str(one.get("title") or one["id"])[:80]),
            f"{lost_creates.describe(one)} {taken}".strip(),
            partial(lost_creates.take, one["id"]),
        )
        for one in conflict.theirs or []
    ]
    platform = conflict.account.platform_name
    if not found:
        return _whether(conflict, platform)
    sentence = ngettext(
        "It is taken up as one of its own, and ours is created on %(platform)s.",
        "They are taken up as ones of their own, and ours is created on %(platform)s.",
        len(found),
    ) % {"platform": platform}
    found.append(Choice("none", sentences.NONE_MAKE, sentence, lost_creates.make))
    if lost_creates.restored(conflict):
        found.append(_left_out(conflict, sentences.NONE_LEAVE))
    return found


def _whether(conflict: Conflict, platform: str) -> list[Choice]:
    """What waited in a restored database, and is not there."""
    make = Choice(
        "none",
        sentences.MAKE,
        _("It is created on %(platform)s.") % {"platform": platform},
        lost_creates.make,
    )
    return [make, _left_out(conflict, sentences.LEAVE_OUT)]


def _left_out(conflict: Conflict, label: Text) -> Choice:
    said = _("Nothing is made there, and it is taken off here.")
    if conflict.kind == Kind.CONFERENCE:
        said = _("Nothing is made there, and it is cancelled here.")
    return Choice(
        "accept_loss",
        label,
        said,
        lost_creates.call_off,
        notifies=gone_there.notice_of_cancellation,
    )


def _address(platform: str) -> list[Choice]:
    return [
        Choice(
            addresses.INVITE,
            sentences.INVITE_THERE,
            _("The invitation is sent to it, wherever another one was written to."),
            addresses.follow,
        ),
        Choice(
            "leave",
            sentences.SEND_NOTHING,
            _("Nobody is written to. Later mails go there."),
            _accept,
        ),
    ]


_ANSWERS: dict[Sort, Callable[[str], list[Choice]]] = {
    Sort.FIELD: _field,
    Sort.REFUSED: _refused,
    Sort.FLIP: _flip,
    Sort.GONE: _gone,
    Sort.DUPLICATE: _duplicate,
    Sort.CLOCK: _clock,
    Sort.ADDRESS: _address,
}

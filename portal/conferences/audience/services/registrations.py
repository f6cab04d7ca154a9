"""Register people, withdraw them, write to them again. Where a platform can follow, it does."""

from collections.abc import Callable, Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import BATCH, slices
from portal.common.errors import NotPossible
from portal.common.texts import Text, shown
from portal.conferences import rules, sentences, tallies
from portal.conferences.audience.counters import refusals
from portal.conferences.fields import locked
from portal.conferences.history import RowChange, keep, line, record_many
from portal.conferences.mails import services as mails
from portal.conferences.models import Attendee, Conference, Invitation, Registration
from portal.identity import roles
from portal.outbox import services as outbox
from portal.platforms.models import PlatformAccount

REGISTRATION = Kind.REGISTRATION
WRITTEN = gettext_lazy("They were written to since this was asked. Nothing was sent now.")


def register(
    conference: Conference, people: Iterable[Attendee], by: User | None
) -> list[Registration]:
    """Make the registrations of people who have none here, and leave the notes for the platform.

    Call it within a transaction that holds the conference's row, so that nobody comes twice.
    """
    moment = clock.now()
    rows = Registration.objects.bulk_create(
        [Registration(conference=conference, attendee=one, invited_at=moment) for one in people],
        batch_size=BATCH,
    )
    tallies.added(conference.pk, [row.attendee_id for row in rows])
    _tell(conference, rows, by, "create")
    return rows


def ask(
    conference: Conference, people: Iterable[Attendee], back: Iterable[Registration] = ()
) -> list[Registration]:
    """Put people on the list who are asked whether they come, among them (`back`) some who had been
    asked before and were withdrawn, or declined. No platform hears of them.

    Call it within a transaction that holds the conference's row.
    """
    moment, again = clock.now(), list(back)
    for row in again:
        row.removed_at = row.gone_at = row.answered_at = None
        row.answer, row.invited_at, row.updated_at = "", row.invited_at or moment, moment
        row.stage = Registration.Stage.INVITED  # whatever they had waited for, staff ask them now
    fields = [
        "removed_at",
        "gone_at",
        "stage",
        "answer",
        "answered_at",
        "invited_at",
        "updated_at",
    ]
    Registration.objects.bulk_update(again, fields, batch_size=BATCH)
    asked = [
        Registration(
            conference=conference, attendee=one, stage=Registration.Stage.INVITED, invited_at=moment
        )
        for one in people
    ]
    return [*Registration.objects.bulk_create(asked, batch_size=BATCH), *again]


def accept(
    conference: Conference, rows: Iterable[Registration], by: User | None
) -> list[Registration]:
    """Register people who were only invited, or waited, and leave the notes for the platform.

    Call it within a transaction that holds the conference's row.
    """
    some = list(rows)
    again = {row.pk: (row.answer, row.answered_at) for row in some if row.waits_again}
    back = register_again(conference, [row for row in some if row.pk in again], by) if again else []
    for row in back:  # what they have said since they withdrew holds
        row.answer, row.answered_at = again[row.pk]
    Registration.objects.bulk_update(back, ["answer", "answered_at"], batch_size=BATCH)
    taken = _taken(some)
    _tally(conference, taken)
    _tell(conference, taken, by, "create")
    return [*taken, *back]


def accept_each(rows: Iterable[Registration], by: User | None) -> list[Registration]:
    """The same at several conferences at once, which the rows have with them; their rows are held,
    all of them."""
    taken = _taken(rows)
    conferences = {row.conference_id: row.conference for row in taken}
    tallies.keep(conferences=conferences, people=[row.attendee_id for row in taken])
    told: dict[int, list[Registration]] = {}
    for row in taken:
        one = row.conference
        if not one.draft and rules.reaches_platform(one.account, REGISTRATION, "create"):
            told.setdefault(one.account_id, []).append(row)
    for some in told.values():
        outbox.add_many(some[0].conference.account, REGISTRATION, [row.pk for row in some], by=by)
    return taken


def _taken(rows: Iterable[Registration]) -> list[Registration]:
    taken = [row for row in rows if not row.is_registered]  # and so none that waits again
    for row in taken:
        row.stage, row.removed_at, row.gone_at = Registration.Stage.REGISTERED, None, None
        row.answer = "" if row.answer == Registration.Answer.NO else row.answer
        row.updated_at = clock.now()
    fields = ["stage", "removed_at", "gone_at", "answer", "updated_at"]
    Registration.objects.bulk_update(taken, fields, batch_size=BATCH)
    return taken


def register_again(
    conference: Conference, rows: Iterable[Registration], by: User | None
) -> list[Registration]:
    """Undo a withdrawal; our link is the one that the person had before."""
    back = list(rows)
    removes = rules.reaches_platform(conference.account, REGISTRATION, "delete")
    for row in back:
        if row.gone_at or removes:  # the platform's own link went with the registration
            row.join_url, row.registered_at = "", None
        row.removed_at = row.gone_at = row.answered_at = None
        row.answer, row.updated_at = "", clock.now()
    fields = [
        "removed_at",
        "gone_at",
        "join_url",
        "registered_at",
        "answer",
        "answered_at",
        "updated_at",
    ]
    Registration.objects.bulk_update(back, fields, batch_size=BATCH)
    _tally(conference, back)
    record_many(
        "registered again",
        REGISTRATION,
        (RowChange(row.pk) for row in back),
        actor=by,
        sentence=sentences.REGISTERED_AGAIN,
        conference_id=conference.pk,
    )
    _tell(conference, back, by, "create")
    return back


def withdraw(
    conference: Conference,
    ids: Iterable[int],
    by: User | None,
    notify: mails.Telling | bool = False,
) -> list[Registration]:
    """End registrations: our link stops at once, waiting mails are taken back, the platform is
    told where it can follow. Those withdrawn before are passed over. Raises NotAllowed.

    `notify` writes to them: what ends, and what stays for those who also run it.
    """
    roles.require(by)
    with transaction.atomic():
        row = locked(conference)
        rows = chosen(row, ids)
        record("withdrawn", rows, sentences.WITHDREW, by)
        # A no that was overruled since is not theirs to take back.
        for some in slices(rows):
            no = Registration.objects.filter(pk__in=[one.pk for one in some])
            no.filter(answer=Registration.Answer.NO).update(answer="")
        take_off(row, rows, by, mails.Telling.of(notify))
    return rows


def take_off(
    conference: Conference, rows: list[Registration], by: User | None, telling: mails.Telling
) -> None:
    """End registrations. Call it within a transaction that holds the conference's row."""
    moment = clock.now()
    for some in slices(rows):
        Registration.objects.filter(pk__in=[one.pk for one in some]).update(
            removed_at=moment, waits_again_at=None, updated_at=moment
        )
    _tally(conference, rows)
    _tell(conference, [row for row in rows if not row.waits_again], by, "delete")
    mails.tell(conference, mails.Act.WITHDRAW, telling, by, registrations=rows)


def let_in(
    conference: Conference,
    ids: Iterable[int],
    by: User | None,
    notify: mails.Telling | bool = True,
) -> list[Registration]:
    """Register people who were invited, wait for an approval, or for a place; staff are bound by no
    limit. Those who are registered already are passed over. Raises NotPossible, NotAllowed."""
    roles.require(by)
    with transaction.atomic():
        row = locked(conference)
        if reason := reason_against_mail(row):
            raise NotPossible(reason)
        taken = accept(row, chosen(row, ids), by)
        record("registered", taken, sentences.LET_IN, by)
        hear = mails.without_waiting(row, taken)
        mails.tell(row, mails.Act.INVITE, mails.Telling.of(notify), by, registrations=hear)
    return taken


def resend(
    conference: Conference,
    ids: Iterable[int],
    by: User | None,
    note: str = "",
    seen: int | None = None,
) -> int:
    """Queue the invitation again for each; answers how many.

    `seen` is the `last_letter` of when somebody was asked: the same answer given twice sends
    nothing more. Raises NotPossible, NotAllowed.
    """
    roles.require(by)
    with transaction.atomic():
        row = locked(conference)
        if reason := reason_against_mail(row):
            raise NotPossible(reason)
        rows = chosen(row, ids)
        if seen is not None and last_letter(rows) > seen:
            raise NotPossible(WRITTEN)
        queued = mails.queue_invitations(row, rows, by, note)
        record("resent", rows, sentences.RESENT, by)
    return queued


def last_letter(rows: Iterable[Registration]) -> int:
    """The id of the newest message to some registrations; 0 where there is none."""
    newest = (
        Invitation.objects.filter(registration__in=[one.pk for one in some]).aggregate(n=Max("pk"))
        for some in slices(rows)
    )
    return max((one["n"] or 0 for one in newest), default=0)


def reason_against_mail(conference: Conference) -> str:
    """Why no invitation can be sent now; empty where one can."""
    if conference.removed_at:
        return _("This webinar was cancelled.")
    if conference.state == Conference.State.ENDED:
        return _("This webinar is over.")
    return ""


def withdraw_sentence(conference: Conference, rows: Iterable[Registration]) -> str:
    """What withdrawing these people does, here and on the platform, before somebody does it. Of
    who is only invited, or waits, a platform has never heard."""
    some = list(rows)
    stages = {row.standing == Registration.Stage.REGISTERED for row in some}
    ours = _("Their personal link of ours stops working at once, and mails that wait are not sent.")
    account = conference.account
    if conference.draft or not rules.reaches_platform(account, REGISTRATION, "create"):
        return ours
    if True not in stages:
        said = _("%(platform)s has not heard of them, so nothing happens there.")
        if any(row.waits_again for row in some):
            said = _("To %(platform)s they had withdrawn before, so nothing happens there.")
            said = f"{said} {stays_sentence(account)}" if stays_on(account) else said
        return f"{ours} {said % {'platform': account.platform_name}}"
    if False in stages:
        ours = f"{ours} {_('The rest concerns those alone who are registered.')}"
    if rules.reaches_platform(account, REGISTRATION, "delete"):
        theirs = _("%(platform)s removes the registration too.")
        return f"{ours} {theirs % {'platform': account.platform_name}}"
    return f"{ours} {stays_sentence(account)}"


def stays_on(account: PlatformAccount) -> bool:
    """Whether whoever is registered on an account's platform stays there, whatever is done here."""
    reaches = rules.reaches_platform
    return reaches(account, REGISTRATION, "create") and not reaches(account, REGISTRATION, "delete")


def stays_sentence(account: PlatformAccount) -> str:
    """What that means for those who have withdrawn."""
    platform = {"platform": account.platform_name}
    said = shown(rules.ability(account, REGISTRATION, "delete").sentence)
    said = said or _("%(platform)s cannot remove a registration.") % platform
    opens = _("A link that came from %(platform)s still opens.") % platform
    return f"{said} {opens}"


def chosen(conference: Conference, ids: Iterable[int]) -> list[Registration]:
    """The registrations with these ids that stand in this conference, with their people."""
    rows = conference.registrations.filter(Registration.LISTED).select_related("attendee")
    return [row for some in slices(ids) for row in rows.filter(pk__in=some)]


def _tally(conference: Conference, rows: list[Registration]) -> None:
    tallies.keep(conferences=[conference.pk], people=[row.attendee_id for row in rows])


def _tell(conference: Conference, rows: list[Registration], by: User | None, verb: str) -> None:
    if conference.draft:
        return
    account, ids = conference.account, [row.pk for row in rows if row.is_registered]
    if rules.reaches_platform(account, REGISTRATION, verb):
        outbox.add_many(account, REGISTRATION, ids, by=by)
    elif verb == "delete":  # what the platform refused of them is not wanted any more
        outbox.close_older(account.pk, REGISTRATION, ids)


def decided_by(account: PlatformAccount) -> set[str]:
    """The fields of a conference by which its platform takes people, or does not."""
    can = account.capabilities.kind(REGISTRATION)
    return {can.needs, *can.limits} - {""}


def tell_refused_again(conference: Conference, by: User | None) -> None:
    """Ask the platform once more for those whom it refused, since the conference is set otherwise
    by now. Call it within a transaction that holds the conference's row."""
    needs = conference.account.capabilities.kind(REGISTRATION).needs
    if needs and not getattr(conference, needs):
        return
    rows = conference.registrations.filter(removed_at=None).filter(Exists(refusals()))
    _tell(conference, list(rows), by, "create")


def record(
    action: str, rows: Iterable[Registration], said: Callable[..., Text], by: User | None
) -> None:
    """A line for each, with the name of the person."""
    keep(
        line(
            action,
            REGISTRATION,
            row.pk,
            actor=by,
            sentence=said(person=str(row.attendee)),
            conference_id=row.conference_id,
        )
        for row in rows
    )

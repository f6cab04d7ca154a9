"""Have a registration page for a conference or a series, say how it works, and what it asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common.errors import NotPossible, Stale
from portal.conferences import history, offers, rules, sentences
from portal.conferences.audience.services import invite
from portal.conferences.fields import locked
from portal.conferences.links import page_link
from portal.conferences.models import Conference, Question, RegistrationPage, Series
from portal.identity import roles

MOST_QUESTIONS, MOST_OPTIONS = 20, 50
SETTINGS = (
    "open",
    "reach",
    "intro",
    "limit",
    "waitlist",
    "approval",
    "opens_at",
    "closes_at",
    "frame_origins",
)
SETTINGS_OF_SERIES = (*SETTINGS, "dates")
SOMEBODY_ELSE = gettext_lazy(
    "Somebody else changed this page while you were editing it. What you typed is kept below; look "
    "at the differences, then save again."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as staff typed it; `pk` where it is there already."""

    kind: str
    label: str
    options: Sequence[str] = ()
    required: bool = False
    pk: int | None = None
    least: float | None = None
    most: float | None = None
    field_there: str | None = None  # None: as it is


def reason_against(owner: Conference | Series) -> str:
    """Why there can be no registration page; empty where there can."""
    if isinstance(owner, Series):
        return "" if offers.ahead(owner).exists() else _("No date of this series lies ahead.")
    if reason := rules.reason_frozen(owner):
        return reason
    if owner.state == Conference.State.ENDED:
        return _("This webinar is over. Duplicate it to run it again.")
    return ""


def dates_of(owner: Conference | Series) -> list[Conference]:
    """For what the page registers people now, in the order in which it is locked everywhere."""
    dates = offers.ahead(owner) if isinstance(owner, Series) else [owner]
    return sorted(dates, key=lambda row: row.pk)


def off_there(dates: Sequence[Conference]) -> list[Conference]:
    """Those at which the platform takes nobody, since registration is off there."""
    return list(filter(invite.needs_switch, dates))


def limits_there(dates: Sequence[Conference]) -> list[str]:
    """Whom the platform does not take who registers on the page, in sentences."""
    return list(dict.fromkeys(said for row in dates for said in invite.limits_there(row)))


def address(page: RegistrationPage) -> str:
    """Where people find it; empty for one that is not there yet."""
    return page_link(page.slug) if page.pk else ""


def of(owner: Conference | Series) -> RegistrationPage:
    """The page of a conference or a series; one that is not saved yet where it has none."""
    found = RegistrationPage.objects.filter(**_named(owner)).first()
    return found or RegistrationPage(**_named(owner))


def beside(conference: Conference) -> RegistrationPage | None:
    """The page of the series that a conference belongs to, where it has one."""
    if conference.series_id is None:
        return None
    return RegistrationPage.objects.filter(series=conference.series_id).first()


def _named(owner: Conference | Series) -> dict[str, Any]:
    return {"series" if isinstance(owner, Series) else "conference": owner}


@transaction.atomic
def save(
    owner: Conference | Series,
    values: Mapping[str, Any],
    questions: Sequence[Asked],
    by: User | None,
    seen: Collection[int] | None = None,
    version: int | None = None,
    *,
    switch_on: bool = True,
) -> RegistrationPage:
    """Keep the settings of a page, and its questions in their order; a question that is left out is
    asked no more, and what was answered to it stays. Where `seen` says of which questions somebody
    knew (None: all), others were added meanwhile, and stay. `switch_on` allows to switch the
    platform's registration on where it is off: an open page is of no use without. Raises Stale
    where `version` is not the one that was edited, NotPossible, NotAllowed."""
    roles.require(by)
    if reason := reason_against(owner):
        raise NotPossible(reason)
    if isinstance(owner, Conference):
        locked(owner)  # before its page, as whoever confirms does
    pages = RegistrationPage.objects.select_for_update(no_key=True)
    row, _new = pages.get_or_create(**_named(owner))
    if version is not None and row.version != version:
        raise Stale(SOMEBODY_ELSE)
    names = SETTINGS_OF_SERIES if isinstance(owner, Series) else SETTINGS
    before = {name: str(getattr(row, name)) for name in names}
    for name in names:
        setattr(row, name, values[name])
    asked = list(row.questions.values())
    _keep_questions(row, questions, seen)
    after = {name: str(getattr(row, name)) for name in names}
    changed = [name for name in names if before[name] != after[name]]
    if changed or asked != list(row.questions.values()):
        row.version += 1
    row.save()
    for date in off_there(dates_of(owner)) if row.open else ():
        invite.require_switch(locked(date), by, switch_on)
    _record(
        row,
        "page changed",
        by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return row


def _record(page: RegistrationPage, action: str, by: User | None, **details: Any) -> None:
    """A line in the history of the webinar, or of each date of the series that lies ahead."""
    details |= {
        "actor": by,
        "sentence": sentences.PAGE_OPENED if page.open else sentences.PAGE_CLOSED,
    }
    history.keep(
        history.line(action, Kind.CONFERENCE, row.pk, conference_id=row.pk, **details)
        for row in offers.dates_of(page)
    )


def _keep_questions(
    page: RegistrationPage, questions: Sequence[Asked], seen: Collection[int] | None
) -> None:
    held = {one.pk: one for one in page.questions.all()}
    added = [one for one in held.values() if seen is not None and one.pk not in seen]
    if len(questions) + len(added) > MOST_QUESTIONS:
        said = _("At most %(count)d questions.") % {"count": MOST_QUESTIONS}
        raise NotPossible(said, {"questions": [said]})
    kept: set[int] = {one.pk for one in added}
    for position, asked in enumerate(questions):
        row = held.get(asked.pk or 0) or Question(page=page)
        row.kind, row.label, row.required = asked.kind, asked.label, asked.required
        row.options, row.position = list(asked.options), position
        row.least, row.most = asked.least, asked.most
        if asked.field_there is not None:
            row.field_there = " ".join(asked.field_there.split())
        row.save()
        kept.add(row.pk)
    for position, one in enumerate(added, len(questions)):
        one.position = position
        one.save(update_fields=["position"])
    page.questions.exclude(pk__in=kept).delete()

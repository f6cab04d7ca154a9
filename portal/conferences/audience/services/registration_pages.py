"""Have a registration page for a conference, say how it works, and what it asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common.errors import NotPossible
from portal.conferences import history, rules, sentences
from portal.conferences.links import page_link
from portal.conferences.models import Conference, Question, RegistrationPage
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


def reason_against(conference: Conference) -> str:
    """Why there can be no registration page; empty where there can."""
    if reason := rules.reason_frozen(conference):
        return reason
    if conference.state == Conference.State.ENDED:
        return _("This webinar is over. Duplicate it to run it again.")
    return ""


def address(page: RegistrationPage) -> str:
    """Where people find it; empty for one that is not there yet."""
    return page_link(page.slug) if page.pk else ""


def of(conference: Conference) -> RegistrationPage:
    """The page of a conference; one that is not saved yet where it has none."""
    found = RegistrationPage.objects.filter(conference=conference).first()
    return found or RegistrationPage(conference=conference)


@transaction.atomic
def save(
    conference: Conference,
    values: Mapping[str, Any],
    questions: Sequence[Asked],
    by: User | None,
) -> RegistrationPage:
    """Keep the settings of a page, and its questions in their order; a question that is left out is
    asked no more, and what was answered to it stays. Raises NotPossible, NotAllowed."""
    roles.require(by)
    if reason := reason_against(conference):
        raise NotPossible(reason)
    if len(questions) > MOST_QUESTIONS:
        said = _("At most %(count)d questions.") % {"count": MOST_QUESTIONS}
        raise NotPossible(said, {"questions": [said]})
    row, _new = RegistrationPage.objects.select_for_update().get_or_create(conference=conference)
    before = {name: str(getattr(row, name)) for name in SETTINGS}
    for name in SETTINGS:
        setattr(row, name, values[name])
    row.save()
    _keep_questions(row, questions)
    after = {name: str(getattr(row, name)) for name in SETTINGS}
    changed = [name for name in SETTINGS if before[name] != after[name]]
    history.record(
        "page changed",
        Kind.CONFERENCE,
        conference.pk,
        actor=by,
        conference_id=conference.pk,
        sentence=sentences.PAGE_OPENED if row.open else sentences.PAGE_CLOSED,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return row


def _keep_questions(page: RegistrationPage, questions: Sequence[Asked]) -> None:
    held = {one.pk: one for one in page.questions.all()}
    kept: set[int] = set()
    for position, asked in enumerate(questions):
        row = held.get(asked.pk or 0) or Question(page=page)
        row.kind, row.label, row.required = asked.kind, asked.label, asked.required
        row.options, row.position = list(asked.options), position
        row.least, row.most = asked.least, asked.most
        if asked.field_there is not None:
            row.field_there = " ".join(asked.field_there.split())
        row.save()
        kept.add(row.pk)
    page.questions.exclude(pk__in=kept).delete()

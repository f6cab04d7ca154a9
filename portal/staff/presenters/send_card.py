"""What stands before every mail: how many hear of it, who, from what to what, and the mail."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.conferences.audience.services.invite import Plan
from portal.conferences.audience.services.invite_series import SeriesPlan, known_to_invite
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import (
    Act,
    Addressed,
    NewsLine,
    Part,
    Preview,
    Sample,
    Telling,
    notified_now,
    preview,
    preview_invitation,
    preview_poll,
    preview_queued,
    preview_queued_poll,
    preview_several,
    series_reminders,
    without_waiting,
)
from portal.conferences.models import (
    AskedPerson,
    Attendee,
    Conference,
    DatePoll,
    Invitation,
    Registration,
    Series,
)
from portal.staff.presenters.words import people, sentences

SHOWN = 100  # names in the list; the rest is counted
GO_BACK = gettext_lazy("Go back")


@dataclass(slots=True)
class SendCard:
    """`found` is what the act would send; `outlook` says when it leaves."""

    conference: Conference | None
    found: Preview
    form: TellingForm
    outlook: str

    @property
    def count(self) -> int:
        """How many mails there will be."""
        return self.found.count

    @property
    def unreachable(self) -> int:
        """How many have no address to write to."""
        return len(self.found.unreachable)

    @property
    def lines(self) -> list[NewsLine]:
        """What has changed, old and new, as the mail says it."""
        return self.found.lines

    @property
    def sample(self) -> Sample | None:
        """One of the mails, with the words that were typed so far."""
        return self.found.sample

    @property
    def people(self) -> str:
        """The count in words."""
        return people(self.count)

    @property
    def shown(self) -> Sequence[Addressed]:
        """The first of them, speakers before attendees."""
        return self.found.recipients[:SHOWN]

    @property
    def more(self) -> int:
        """How many the list leaves out."""
        return max(0, len(self.found.recipients) - SHOWN)

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """How many get which kind of message."""
        each = {one.purpose: one for one in self.found.recipients}
        number = Counter(one.purpose for one in self.found.recipients if one.email)
        return sorted((one.kind, number[purpose]) for purpose, one in each.items())

    @property
    def open(self) -> bool:
        """Whether somebody has to be asked: people would hear, and nobody has answered."""
        return bool(self.count) and (not self.form.answered or self.changed)

    @property
    def changed(self) -> bool:
        """Whether a yes was meant for another number of people: somebody came or left meanwhile."""
        return self.form.answered and self.form.yes and not self.form.counts(self.count)

    @property
    def telling(self) -> Telling:
        """The answer. Where nobody would hear, there is nothing to answer."""
        if not self.form.answered:
            return Telling(False)
        return Telling(self.form.yes, self.form.words)

    @property
    def outcome(self) -> str:
        """What will come of the answer, for the message after the act."""
        told = self.count and self.telling.tell
        return self.outlook if told else _("Nobody will be notified.")


def send_card(
    conference: Conference, act: Act, form: TellingForm, *, waits: bool = True, **concerned: Any
) -> SendCard:
    """The card of an act; `concerned` (changes, registrations, moderators) is what
    `mails.preview` takes. `waits` is false where the platform has nothing to take any more."""
    found = preview(conference, act, note=form.typed, **concerned)
    account, outlook = conference.account, found.outlook
    if not waits:
        outlook = notified_now(found.count)
    elif not account.active:
        quiet = _("%(account)s is not syncing at present.") % {"account": account.label}
        outlook = sentences(outlook, quiet)
    return SendCard(conference, found, form, outlook)


def card_of_several(parts: Iterable[Part], form: TellingForm) -> SendCard:
    """The card of an act on several dates of a series: each person hears of all in one mail."""
    some = list(parts)
    found = preview_several(some, form.typed)
    conference = some[0].conference
    outlook = found.outlook
    if not conference.account.active:
        quiet = _("%(account)s is not syncing at present.") % {"account": conference.account.label}
        outlook = sentences(outlook, quiet)
    return SendCard(conference, found, form, outlook)


def reminder_card(dates: Sequence[Conference], form: TellingForm) -> SendCard:
    """The card of a reminder of dates of a series, to whoever has not answered about them."""
    found = series_reminders.preview(dates, form.typed)
    return SendCard(dates[0], found, form, found.outlook)


def queued_card(letters: Sequence[Invitation], form: TellingForm) -> SendCard:
    """The card of mails that are there already, about one thing: they were held back, failed, or
    perhaps arrived. Beside those of a webinar there may be those of the poll that led to it."""
    conference = next((one.conference for one in letters if one.conference), None)
    found = preview_queued(letters, form.typed)
    of_poll = preview_queued_poll(letters, form.typed)
    if of_poll.recipients:
        everybody = [*found.recipients, *of_poll.recipients]
        sample = found.sample or of_poll.sample
        outlook = notified_now(found.count + of_poll.count)
        found = Preview(everybody, found.lines, sample, outlook)
    return SendCard(conference, found, form, found.outlook)


def poll_card(
    people: Sequence[AskedPerson], times: Sequence[datetime], act: Act, form: TellingForm
) -> SendCard:
    """The card of an act on a date poll."""
    found = preview_poll(people, times, act, form.typed)
    outlook = found.outlook
    conference = people[0].poll.conference if people and act == Act.OUTCOME else None
    if conference is not None and not conference.account.active:
        quiet = _("%(account)s is not syncing at present.") % {"account": conference.account.label}
        outlook = sentences(outlook, quiet)
    return SendCard(None, found, form, outlook)


def inviting(
    conference: Conference, plan: Plan, form: TellingForm, *, again: bool, register: bool
) -> SendCard:
    """The card of an invitation; `again` says that those who were withdrawn come along, `register`
    that all are registered at once, also those who were only invited before."""
    new = [
        Attendee(email=p.email, first_name=p.first_name, last_name=p.last_name)
        for p in plan.newcomers
    ]
    stage = Registration.Stage.REGISTERED if register else Registration.Stage.INVITED
    rows = [
        Registration(conference=conference, attendee=one, stage=stage)
        for one in [*new, *plan.known]
    ]
    rows += without_waiting(conference, plan.invited) if register else []
    rows += plan.withdrawn if again else []
    # What asks somebody waits for no platform: it hears of them by their answer.
    waits = register or conference.draft
    return send_card(conference, Act.INVITE, form, waits=waits, registrations=rows)


def inviting_to_series(
    plan: SeriesPlan, form: TellingForm, *, again: bool, register: bool
) -> SendCard | None:
    """The card of an invitation to the dates of a series; None where nobody would be invited."""
    new = [
        Attendee(email=p.email, first_name=p.first_name, last_name=p.last_name)
        for p in plan.newcomers
    ]
    people_ = [*new, *known_to_invite(plan, again=again, register=register)]
    if not people_:
        return None
    of_first = plan.dates_of(people_[0], again=again, register=register)
    stage = Registration.Stage.REGISTERED if register else Registration.Stage.INVITED
    rows = [Registration(conference=of_first[0], attendee=one, stage=stage) for one in people_]
    found = preview_invitation(rows, of_first, form.typed)
    return SendCard(
        of_first[0], found, form, found.outlook if register else notified_now(found.count)
    )


@dataclass(slots=True)
class Question:
    """A page that asks before an act: what will happen, who hears of it, and the buttons.

    `act` is what the buttons do ("Cancel the webinar"); `hidden` is posted along unseen. `back`
    leads away; without it a button takes what was typed back to its form. `reason` says why the
    act is not possible. With `mails_alone` the act is the mail: to tell nobody is to go back.
    `confirms` asks also where nobody hears, since the form that leads here only named the rows.
    `concerned` are the registrations that it is about, where others hear than those. `extents` are
    links to how far the act may reach, where it is on one date of a series; `series` is the series
    that it is about as a whole. `clashes` are what else takes place on the dates that it would have
    (`clashes.on_dates`). `of_polls` says that it is about a date poll: about `poll`, or
    about one that is not there yet.
    """

    title: str
    act: str
    card: SendCard
    url: str
    back: str = ""
    back_label: Promise | str = GO_BACK
    consequences: Sequence[str] = ()
    hidden: Sequence[tuple[str, Any]] = ()
    reason: str = ""
    danger: bool = False
    icon: str = ""
    mails_alone: bool = False
    confirms: bool = False
    concerned: Sequence[Any] = ()
    extents: Sequence[Any] = ()
    series: Series | None = None
    clashes: Mapping[str, Any] = field(default_factory=dict)
    poll: DatePoll | None = None
    of_polls: bool = False

    @property
    def conference(self) -> Conference | None:
        """The one that it is about, if it is about one."""
        return self.card.conference


def typed_pairs(data: QueryDict, *without: str) -> list[tuple[str, str]]:
    """What a form was sent with, to be carried along by the page that asks; the buttons and the
    card's own fields are left out."""
    own = {"csrfmiddlewaretoken", "tell", "note", "preview", "counted", *without}
    return [(name, one) for name, some in data.lists() if name not in own for one in some]

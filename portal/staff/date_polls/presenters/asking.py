"""The forms that propose times and name people, with what comes of them before it is sent."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.base.records import Kind
from portal.common.errors import Stale
from portal.conferences import rules
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act
from portal.conferences.mails.services.asking import moment, span
from portal.conferences.models import AskedPerson, DatePoll
from portal.conferences.schedule import date_poll_queries, queries
from portal.conferences.schedule.forms.date_poll import EditForm, PeopleRows, PollForm, TimeRows
from portal.conferences.schedule.services import clashes, date_polls
from portal.conferences.schedule.services.clashes import Clashes, Planned
from portal.platforms.models import PlatformAccount
from portal.staff.presenters import known_people
from portal.staff.presenters.send_card import Question, SendCard, poll_card, typed_pairs
from portal.staff.webinars.presenters.clashes import ClashWarning

LENGTH, UNTIL = "duration_minutes", "answer_until"
MORE_TIMES, MORE_PEOPLE = "more-times", "more-people"
_BUTTONS = {"refresh", MORE_TIMES, MORE_PEOPLE}
NOTHING_FIXED = gettext_lazy(
    "Nothing is scheduled by it, and the mail has no calendar entry: it only asks."
)


class Typed:
    """What was posted by one of these forms. `sent` is true where it is to be done, and not only
    shown anew with another row, or from the page that asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.post = request.POST if request.method == "POST" else None
        self.keys: set[str] = set(self.post or {})
        self.sent = self.post is not None and not self.keys & _BUTTONS
        self.path = request.path

    @property
    def hidden(self) -> list[tuple[str, Any]]:
        """What was typed, carried along by the page that asks."""
        return typed_pairs(self.post, "refresh", "do") if self.post is not None else []


class NewPoll(Typed):
    """A poll before it is opened."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.accounts = queries.accounts()
        self.form = PollForm(
            self.post if self.sent else None,
            accounts=self.accounts,
            account=None if self.post is not None else _first_able(list(self.accounts)),
            typed=None if self.sent else self.post,
        )
        self.times = TimeRows(self.post, checked=self.sent, more=MORE_TIMES in self.keys)
        self.people = PeopleRows(self.post, checked=self.sent, more=MORE_PEOPLE in self.keys)
        known_people.offer(self.people.forms)
        self.instants: list[datetime] = []
        self.who: list[date_polls.Who] = []

    def is_valid(self) -> bool:
        """All parts are asked, so that everything that is wrong is said at once."""
        if not self.sent:
            return False
        read = [self.form.is_valid(), self.times.read(), self.people.read()]
        self.instants = self.times.find(self.form.cleaned_data.get("timezone", ""))
        self.who = self.people.find()
        return all(read) and not self.times.wrong and not self.people.wrong

    @property
    def account(self) -> PlatformAccount:
        """The account that was chosen."""
        account: PlatformAccount = self.form.cleaned_data["account"]
        return account

    @property
    def uid(self) -> Any:
        """The form's own."""
        return self.form.cleaned_data.get("uid") or uuid4()

    @cached_property
    def card(self) -> SendCard:
        """Who is asked, and how."""
        poll = DatePoll(account=self.account, **self.form.values)
        people = [AskedPerson(poll=poll, email=one.email, name=one.name) for one in self.who]
        return poll_card(people, sorted(self.instants), Act.ASK, TellingForm(self.post))

    @property
    def question(self) -> Question:
        """The page that asks before anybody is asked."""
        values = self.form.values
        minutes, zone = values["duration_minutes"], values["timezone"]
        found = clashes_of(
            self.account, sorted(self.instants), minutes, [one.email for one in self.who]
        )
        said = [_warned(span(at, minutes, zone), one) for at, one in found.items() if one.lines]
        return Question(
            _("Find a date for %(title)s?") % {"title": values["title"]},
            _("Open the date poll"),
            self.card,
            self.path,
            hidden=self.hidden,
            icon="calendar-days",
            consequences=[*said, str(NOTHING_FIXED)],
            of_polls=True,
        )

    @property
    def error_forms(self) -> list[Any]:
        """All in which something may need a change."""
        return [self.form, *self.times.forms, *self.people.forms] if self.sent else []


class Edited(Typed):
    """What a poll says, to be changed."""

    def __init__(self, request: HttpRequest, poll: DatePoll) -> None:
        super().__init__(request)
        self.poll = poll
        self.form = EditForm(
            self.post if self.sent else None, poll=poll, typed=None if self.sent else self.post
        )

    def is_valid(self) -> bool:
        return self.sent and self.form.is_valid()

    @property
    def changes(self) -> bool:
        """Whether anything is different from what is held."""
        return any(value != getattr(self.poll, n) for n, value in self.form.values.items())

    @property
    def question(self) -> Question:
        """The page that asks whether those who were asked hear of it."""
        changed = copy(self.poll)
        for name, value in self.form.values.items():
            setattr(changed, name, value)
        people = list(date_polls.to_tell_of_change(self.poll))
        for one in people:
            one.poll = changed
        times = [one.starts_at for one in self.poll.times.all()]
        return Question(
            _("Save the changes?"),
            _("Save"),
            poll_card(people, times, Act.ASK_CHANGE, TellingForm(self.post)),
            self.path,
            hidden=self.hidden,
            icon="check",
            consequences=[
                _("Answers that were given stay."),
                _("Whoever opens their link reads it as it is now, also if nobody is notified."),
            ],
            poll=self.poll,
            of_polls=True,
        )

    def overtaken(self, stale: Stale) -> None:
        """Somebody else saved it meanwhile: keep what was typed, say what is held now, and let the
        next save go through."""
        held = date_poll_queries.poll(self.poll.pk) or self.poll
        data: Any = self.form.data
        self.form.data = data.dict() | {"seen": date_polls.version(held)}
        self.form.add_error(None, stale.sentence)
        typed = self.form.values
        for field, name in (("title",) * 2, ("about", "note"), (LENGTH,) * 2, (UNTIL,) * 2):
            now = getattr(held, name)
            if now != typed[name]:
                shown = moment(now, held.timezone) if name == UNTIL else now
                said = _("It now says: %(now)s") % {"now": shown or _("(empty)")}
                self.form.add_error(field, said)

    @property
    def error_forms(self) -> list[Any]:
        return [self.form] if self.sent else []


class MoreTimes(Typed):
    """Further times for a poll."""

    def __init__(self, request: HttpRequest, poll: DatePoll) -> None:
        super().__init__(request)
        self.poll = poll
        self.times = TimeRows(self.post, checked=self.sent, more=MORE_TIMES in self.keys)
        self.stand = [one.starts_at for one in poll.times.all()]
        self.instants: list[datetime] = []

    def is_valid(self) -> bool:
        if not self.sent or not self.times.read():
            return False
        self.instants = self.times.find(self.poll.timezone, self.stand)
        if len(self.stand) + len(self.instants) > date_polls.MOST_TIMES:
            too_many = date_polls.TOO_MANY_TIMES % {"most": date_polls.MOST_TIMES}
            self.times.forms[0].add_error("date", too_many)
        return not self.times.wrong

    @property
    def question(self) -> Question:
        """The page that asks whether all are asked anew."""
        people = list(date_polls.standing(self.poll))
        for one in people:
            one.poll = self.poll
        times = sorted([*self.stand, *self.instants])
        count = len(self.instants)
        said = ngettext(
            "Propose %(count)d further time?", "Propose %(count)d further times?", count
        )
        return Question(
            said % {"count": count},
            _("Propose"),
            poll_card(people, times, Act.ASK, TellingForm(self.post)),
            self.path,
            hidden=self.hidden,
            icon="calendar-days",
            confirms=True,
            consequences=[
                _("Answers that were given stay. Of the new times nobody has said anything.")
            ],
            poll=self.poll,
            of_polls=True,
        )

    @property
    def error_forms(self) -> list[Any]:
        return list(self.times.forms) if self.sent else []


class MorePeople(Typed):
    """Further people for a poll."""

    def __init__(self, request: HttpRequest, poll: DatePoll) -> None:
        super().__init__(request)
        self.poll = poll
        self.people = PeopleRows(self.post, checked=self.sent, more=MORE_PEOPLE in self.keys)
        known_people.offer(self.people.forms)
        self.who: list[date_polls.Who] = []

    def is_valid(self) -> bool:
        if not self.sent or not self.people.read():
            return False
        self.who = self.people.find()
        stand = {one.email for one in date_polls.standing(self.poll)}
        for row in (one for one in self.people.forms if one.begun and not one.errors):
            if row.cleaned_data["email"].lower() in stand:
                row.add_error("email", _("They are asked already."))
        if len(stand) + len(self.who) > date_polls.MOST_PEOPLE:
            too_many = date_polls.TOO_MANY_PEOPLE % {"most": date_polls.MOST_PEOPLE}
            self.people.forms[0].add_error("email", too_many)
        return not self.people.wrong

    @property
    def question(self) -> Question:
        """The page that asks before they are asked."""
        people = [AskedPerson(poll=self.poll, email=one.email, name=one.name) for one in self.who]
        times = [one.starts_at for one in self.poll.times.all()]
        named = ", ".join(one.name or one.email for one in self.who)
        return Question(
            _("Ask %(people)s as well?") % {"people": named},
            _("Add"),
            poll_card(people, times, Act.ASK, TellingForm(self.post)),
            self.path,
            hidden=self.hidden,
            icon="user-plus",
            poll=self.poll,
            of_polls=True,
        )

    @property
    def error_forms(self) -> list[Any]:
        return list(self.people.forms) if self.sent else []


def clashes_of(
    account: PlatformAccount, times: Sequence[datetime], minutes: int, emails: Sequence[str]
) -> Mapping[datetime, ClashWarning]:
    """What else takes place at each of the times, in two statements."""
    planned = [Planned(account, at, minutes, None, emails) for at in times]
    found: Sequence[Clashes] = clashes.find_each(planned)
    return {
        at: ClashWarning(one, account.label, asks=False, data={})
        for at, one in zip(times, found, strict=True)
    }


def _warned(when: str, warning: ClashWarning) -> SafeString:
    said = warning.sentences
    text = format_html("{}: {}", when, said[0])
    for one in said[1:]:
        text = format_html("{}; {}", text, one)
    return text


def _first_able(rows: Sequence[PlatformAccount]) -> PlatformAccount | None:
    """The account that is offered first: as on the schedule form."""
    able = [r for r in rows if not rules.reason_against(r, Kind.CONFERENCE, "create")]
    return next(iter([*(r for r in able if r.active), *able, *rows]), None)

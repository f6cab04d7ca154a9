"""Who is registered at a conference, how far each registration and each mail has come."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.base.records import Kind
from portal.common.batches import slices
from portal.common.pages import OfList, Pages
from portal.common.texts import Words
from portal.conferences import rules
from portal.conferences.audience import counters
from portal.conferences.audience.counters import ACCEPTED, FILTERS, having, refusals
from portal.conferences.audience.services import invite, registrations
from portal.conferences.mails.services import sending
from portal.conferences.models import (
    Conference,
    Invitation,
    Registration,
)
from portal.conferences.people.services.selection import matching

PAGE = 40  # a row has many words: so many keep a page below 100 kB
State = Invitation.State
Stage, Answer = Registration.Stage, Registration.Answer
# A message's state as staff read it: word, kind of badge, icon.
MAIL_APPEARANCES = {
    State.WAITING: (gettext_lazy("Mail waits"), "info", "clock"),
    State.HELD: (gettext_lazy("Not sent"), "warning", "pause-circle"),
    State.SENDING: (gettext_lazy("Being sent"), "info", "paper-airplane"),
    State.SENT: (gettext_lazy("Sent"), "success", "check"),
    State.FAILED: (gettext_lazy("Mail failed"), "danger", "exclamation-circle"),
    State.UNKNOWN: (gettext_lazy("Perhaps sent"), "warning", "question-mark-circle"),
    State.DROPPED: (gettext_lazy("Not sent"), "neutral", "minus-circle"),
}
QUIET = frozenset({"synced", "stale", "waiting", "sending", "portal_only"})


def mail_appearance(state: str) -> tuple[Words, str, str]:
    """Word, kind of badge, icon of the state of somebody's newest message; "" where is none."""
    return MAIL_APPEARANCES[State(state)] if state else (_("No mail"), "neutral", "")


@dataclass(frozen=True, slots=True)
class Mailed:
    """The newest message to somebody, if there is one, and where they are reached now."""

    letter: Invitation | None
    email: str

    @property
    def appearance(self) -> tuple[Words, str, str]:
        """Word, kind of badge, icon."""
        return mail_appearance(self.letter.state if self.letter else "")

    @property
    def elsewhere(self) -> str:
        """The address that was written to, where it is no longer theirs."""
        if self.letter is None or self.letter.state in (State.WAITING, State.HELD, State.DROPPED):
            return ""
        to = self.letter.to_email
        return "" if to.lower() == self.email.lower() else to


@dataclass(frozen=True, slots=True)
class Row:
    """One registration as the table shows it, with its sync line and its newest mail."""

    registration: Registration
    chip: Any
    mail: Invitation | None
    stays_there: bool = False  # on a platform that cannot remove a registration

    @property
    def opens_there(self) -> bool:
        """Whether they have withdrawn, and the link that came from the platform opens all the same;
        so it is for who waits again, until they move up."""
        row = self.registration
        known = bool(row.registered_at or row.join_url) and not row.gone_at
        return self.stays_there and known and row.is_registered and row.removed_at is not None

    @property
    def troubled(self) -> bool:
        """Whether the sync's sentence says something that staff should read here."""
        return bool(self.chip) and (self.chip.state not in QUIET or self.chip.noted)

    @property
    def mailed(self) -> "Mailed":
        """The newest message to this person, as the table shows it."""
        return Mailed(self.mail, self.registration.attendee.email)

    @property
    def word(self) -> str:
        """The registration's own state in a word."""
        row = self.registration
        return word_of(not row.listed, row.standing, row.answer, self.state)

    @property
    def state(self) -> str:
        """The copy's state in the words of `sync_chip`, as far as the row itself tells it."""
        accepted = self.registration.registered_at or self.registration.join_url
        return state_of(bool(self.registration.gone_at), bool(accepted))


def state_of(gone: bool, accepted: bool) -> str:
    """The state of a registration's copy, as far as the row itself tells it."""
    if gone:
        return "gone_there"
    return "synced" if accepted else "waiting"


def word_of(removed: bool, stage: str, answer: str, state: str) -> str:
    """A registration's own state in a word, from that of its copy where it has one."""
    if removed:
        return _("Declined") if answer == Answer.NO else _("Withdrawn")
    if stage == Stage.INVITED:
        return _("Invited, perhaps") if answer else _("Invited, no answer")
    if stage == Stage.WAITLISTED and answer == Answer.MAYBE:
        return _("On the waiting list, perhaps")
    if stage != Stage.REGISTERED:
        return str(Stage(stage).label)
    return {
        "gone_there": _("Removed there"),
        "synced": _("Registered"),
        "stale": _("Registered"),
    }.get(state, _("Not registered on the platform yet"))


@dataclass(frozen=True, slots=True)
class Table:
    """The table of one conference: what is shown, what was asked for, what may be done."""

    conference: Conference
    rows: list[Row]
    page: OfList
    search: str
    chosen: str
    counts: Mapping[str, int]
    mail_reason: str
    invite_reason: str
    ever: bool  # whether anybody was ever registered

    @property
    def counters(self) -> list[tuple[str, Words, int]]:
        """What is counted: its name in addresses, the words, how many. What is empty is left out,
        unless it says something by being so, or was asked for."""
        return [
            (name, words, self.counts[name])
            for name, words in counters.COUNTERS.items()
            if self.counts[name] or name in counters.ALWAYS or name == self.chosen
        ]

    @property
    def further(self) -> list[tuple[str, Words]]:
        """What the menu offers beside the counters."""
        return list(counters.FURTHER.items())

    @property
    def total(self) -> int:
        """How many are on the list."""
        return self.counts[""]

    @property
    def stays_sentence(self) -> str:
        """Why some of those who are shown, and have withdrawn, still get in; else empty."""
        opens = any(row.opens_there for row in self.rows)
        return registrations.stays_sentence(self.conference.account) if opens else ""

    @property
    def query(self) -> str:
        """What was asked for, to stand in the links to other pages of the table."""
        asked = {"rq": self.search, "rstate": self.chosen}
        return urlencode({key: value for key, value in asked.items() if value})


def page(conference: Conference, params: Mapping[str, str], counts: Mapping[str, int]) -> OfList:
    """The page of registrations that an address asks for by `rq` (search), `rstate` (one of
    FILTERS) and `rpage`; what is in `counts` is not counted again."""
    search, chosen = asked(params)
    counted = None if search else counts.get(chosen)
    pages = Pages(selected(conference, params), PAGE, counted=counted)
    return pages.get_page(params.get("rpage"))


def counts(conference: Conference) -> dict[str, int]:
    """How many people of a conference are in each state, by the counter's name."""
    return counters.counts(conference)


def table(
    conference: Conference,
    params: Mapping[str, str],
    page: OfList,
    counts: Mapping[str, int],
    lines: Mapping[int, Any],
) -> Table:
    """What `registrations/_table.html` shows of a page; `lines` are the sync's of its rows."""
    search, chosen = asked(params)
    mails = last_mails(page, "registration")
    stays = registrations.stays_on(conference.account)
    return Table(
        conference,
        [Row(row, lines.get(row.pk), mails.get(row.pk), stays) for row in page],
        page,
        search,
        chosen,
        counts=counts,
        mail_reason=registrations.reason_against_mail(conference),
        invite_reason=invite.reason_against_inviting(conference),
        ever=any(counts.values()),
    )


def asked(params: Mapping[str, str]) -> tuple[str, str]:
    """Search and filter of an address; a filter that does not exist is none."""
    search, chosen = params.get("rq", "").strip(), params.get("rstate", "")
    return search, chosen if chosen in FILTERS else ""


def selected(conference: Conference, params: Mapping[str, str]) -> QuerySet[Registration]:
    """The registrations that were asked for, by name, with their people."""
    search, chosen = asked(params)
    found = having(conference, chosen).filter(matching_person(search)).select_related("attendee")
    return found.order_by("attendee__sort_key", "attendee__email")


def matching_person(search: str) -> Q:
    """Registrations whose person fits what is being typed."""
    return matching(search, "attendee__")


def last_mails(rows: Iterable[Any], relation: str) -> dict[int, Invitation]:
    """The newest message to the person of each "registration" (read with its person) or
    "moderator", in whatever role it found them; one that was taken back only where there is no
    other."""
    found: dict[int, Invitation] = {}
    for some in slices(rows):
        for key, letter in _letters(some, relation):
            if letter.state != State.DROPPED or key not in found:
                found[key] = letter
    return found


# Role -> the address in it, the other role, and the address there.
_ROLES = {
    "registration": ("attendee.email", "moderator", "moderator__email"),
    "moderator": ("email", "registration", "registration__attendee__email"),
}


def _letters(some: Sequence[Any], relation: str) -> Iterator[tuple[int, Invitation]]:
    """The messages to these rows, and those that the same people got as speakers (or as guests),
    which count as long as they were not taken back; oldest first."""
    address, other, theirs = _ROLES[relation]
    email_of = attrgetter(address)
    rows = {(row.conference_id, email_of(row).lower()): row.pk for row in some if email_of(row)}
    conferences, emails = {key[0] for key in rows}, {key[1] for key in rows}
    own = Invitation.objects.filter(**{f"{relation}__in": [row.pk for row in some]})
    others = Invitation.objects.filter(conference__in=conferences, **{f"{theirs}__in": emails})
    # A union, since a database reads an index for each of the two, and all for an OR.
    others = others.exclude(state=State.DROPPED)
    both = own.order_by().values("pk").union(others.order_by().values("pk"))
    letters = Invitation.objects.filter(pk__in=both).order_by("id")
    for letter in letters.select_related("moderator", "registration__attendee"):
        role, key = letter.role_key
        if role != relation:
            row = getattr(letter, other)
            email = row.attendee.email if other == "registration" else row.email
            key = rows.get((letter.conference_id, email.lower()), 0)
        if key:
            yield key, letter


def mail_states(conference: Conference) -> Callable[[list[int]], dict[int, tuple[int, str]]]:
    """`last_mails` for a long list: of some registrations of one conference, key and state of the
    newest message. Messages to those who run it are few and are read once, by address."""
    running: dict[str, tuple[int, str]] = {}
    letters = Invitation.objects.filter(conference=conference).order_by("id")
    spoken = letters.filter(moderator__isnull=False).exclude(state=State.DROPPED)
    for email, pk, state in spoken.values_list("moderator__email", "pk", "state"):
        running[email.lower()] = (pk, state)
    people = dict(
        conference.registrations.filter(attendee__email__in=running).values_list(
            "pk", "attendee__email"
        )
    )

    def of(ids: list[int]) -> dict[int, tuple[int, str]]:
        found: dict[int, tuple[int, str]] = {}
        mine = Invitation.objects.filter(registration__in=ids).order_by("id")
        for key, pk, state in mine.values_list("registration_id", "pk", "state"):
            if state != State.DROPPED or key not in found:
                found[key] = (pk, state)
        for key in people.keys() & set(ids):
            letter, own = running[people[key].lower()], found.get(key)
            if own is None or own[1] == State.DROPPED or own[0] < letter[0]:
                found[key] = letter
        return found

    return of


@dataclass(frozen=True, slots=True)
class Progress:
    """How far inviting has come. Counts are of people who are registered now, and of those who are
    `asked` and have not answered."""

    conference: Conference
    total: int
    registered: int
    asked: int
    refused: int
    told: bool  # whether the platform registers people at all
    mails: Mapping[str, int]
    busy: bool
    trouble: str = ""  # why mails that may leave do not

    @property
    def sent(self) -> int:
        return self.mails.get(State.SENT, 0)

    @property
    def queued(self) -> int:
        return self.mails.get(State.WAITING, 0) + self.mails.get(State.SENDING, 0)

    @property
    def held(self) -> int:
        """Messages about something that the platform has refused."""
        return self.mails.get(State.HELD, 0)

    @property
    def letters(self) -> int:
        """All messages that were sent or still should be."""
        return sum(number for state, number in self.mails.items() if state != State.DROPPED)

    @property
    def doubtful(self) -> int:
        return self.mails.get(State.FAILED, 0) + self.mails.get(State.UNKNOWN, 0)

    @property
    def sentence(self) -> str:
        """All of it in one line: "212 of 300 registered, 180 mails sent"."""
        if not self.total and not self.asked:
            return _("Nobody is invited or registered yet.")
        people = (
            _("%(count)d of %(total)d registered") if self.told else _("%(total)d on the list")
        ) % {"count": self.registered, "total": self.total}
        sent = ngettext("%(count)d mail sent", "%(count)d mails sent", self.sent)
        asked = ngettext("%(count)d has not answered", "%(count)d have not answered", self.asked)
        parts = [people] if self.total else []
        parts += [asked % {"count": self.asked}] if self.asked else []
        parts.append(sent % {"count": self.sent})
        if self.queued:
            parts.append(_("%(count)d to go") % {"count": self.queued})
        if self.held:
            parts.append(_("%(count)d held back") % {"count": self.held})
        return f"{', '.join(parts)}."

    @property
    def registered_text(self) -> str:
        return _("%(count)d of %(total)d") % {"count": self.registered, "total": self.total}

    @property
    def sent_text(self) -> str:
        return _("%(count)d of %(total)d") % {"count": self.sent, "total": self.letters}

    @property
    def refused_sentence(self) -> str:
        said = ngettext(
            "%(count)d person was not accepted by %(platform)s, and got no mail.",
            "%(count)d people were not accepted by %(platform)s, and got no mail.",
            self.refused,
        )
        return said % {
            "count": self.refused,
            "platform": self.conference.account.platform_name,
        }

    @property
    def held_sentence(self) -> str:
        said = ngettext(
            "%(count)d mail is held back until %(platform)s has accepted what it speaks of.",
            "%(count)d mails are held back until %(platform)s has accepted what they speak of.",
            self.held,
        )
        return said % {"count": self.held, "platform": self.conference.account.platform_name}

    @property
    def doubtful_sentence(self) -> str:
        said = ngettext(
            "%(count)d mail failed, or perhaps did not arrive.",
            "%(count)d mails failed, or perhaps did not arrive.",
            self.doubtful,
        )
        return said % {"count": self.doubtful}


def progress(conference: Conference) -> Progress:
    """Counts of the registrations and mails of a conference, in a fixed number of queries."""
    told = rules.reaches_platform(conference.account, Kind.REGISTRATION, "create")
    wanted = {"total": Count("pk")}
    if told:
        wanted["registered"] = Count("pk", filter=ACCEPTED)
        wanted["refused"] = Count("pk", filter=~ACCEPTED & Q(Exists(refusals())))
    people = having(conference, "registered").filter(gone_at=None).aggregate(**wanted)
    total, refused = people["total"], people.get("refused", 0)
    registered = people.get("registered", total)
    asked_ = having(conference, "unanswered").count()
    mails: dict[str, int] = {}
    for state in conference.invitations.order_by().values_list("state", flat=True):
        mails[state] = mails.get(state, 0) + 1
    waits = told and registered + refused < total and conference.account.active
    busy = not conference.draft and (waits or sending.soon(conference))
    trouble = sending.trouble(conference)
    return Progress(conference, total, registered, asked_, refused, told, mails, busy, trouble)

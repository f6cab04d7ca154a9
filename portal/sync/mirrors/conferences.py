"""Our side of conferences and of the people who run and attend them."""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import QuerySet

from integrations.base import answers
from integrations.base.errors import PlatformUnavailable
from integrations.base.records import (
    CONFERENCE_FIELDS,
    OPTION_PREFIX,
    Fields,
    Kind,
    Record,
    parse_instant,
)
from integrations.base.texts import say
from portal.common import bulk, clock
from portal.common.fields import UNREADABLE, is_unreadable
from portal.common.texts import Text
from portal.conferences.fields import NOTIFIED_FIELDS, OF_DATES
from portal.conferences.models import Conference, Moderator, Registration
from portal.platforms.models import PlatformAccount
from portal.sync import sentences
from portal.sync.mirrors.base import BelongsToConference, Made, Mirror
from portal.sync.mirrors.people import address_of, person_of, put_in
from portal.sync.models import PlatformLink


class ConferenceMirror(Mirror):
    kind = Kind.CONFERENCE
    model = Conference
    compared = tuple(field.name for field in CONFERENCE_FIELDS if not field.secret)
    asked_when_gone = True
    instants = frozenset({"starts_at"})
    never_emptied = ("title",)

    def rows(self, account: PlatformAccount, parents: Collection[Any]) -> QuerySet[Any]:
        return Conference.objects.filter(account=account, draft=False)

    def read(self, row: Conference) -> dict[str, Any]:
        values = super().read(row)
        if row.permanent:  # what dates Lectern keeps of it is no platform's matter
            values |= dict.fromkeys(OF_DATES)
        values |= {OPTION_PREFIX + name: value for name, value in row.options.items()}
        if is_unreadable(row.password):  # it must not read as "no password" over there
            raise PlatformUnavailable(say("A webinar's password: %(why)s", why=UNREADABLE))
        if row.password:
            values["password"] = fingerprint(row.password)
        return values

    def draft(self, row: Conference) -> dict[str, Any]:
        return self.read(row) | ({"password": row.password} if row.password else {})

    def companions(self, names: set[str]) -> set[str]:
        return {"password"} if "access" in names else set()

    def fill(self, row: Conference, values: Mapping[str, Any]) -> None:
        own = {n: v for n, v in values.items() if not n.startswith(OPTION_PREFIX)}
        settings_ = {n.removeprefix(OPTION_PREFIX): v for n, v in values.items() if n not in own}
        row.options = row.options | settings_
        if own.get("permanent", row.permanent) and row.permanent:
            own = {n: v for n, v in own.items() if n not in OF_DATES or v is not None}
        if own.get("permanent") is False:
            row.dates, row.dates_rule, row.dates_from = [], "", None
        row.version += 1
        if own.keys() & NOTIFIED_FIELDS:
            row.sequence += 1
        super().fill(row, own)

    def new(self, account: PlatformAccount, parent_id: Any, record: Record) -> Conference:
        row = Conference(account=account, origin=Conference.Origin.PLATFORM)
        self.fill(row, record.fields)
        return row

    def keeps(self, row: Conference) -> Text | str:
        """The room that people still hold links to outlives its move to another account."""
        successor = row.moved_to
        if successor is None or successor.removed_at or successor.draft:
            return ""
        waits = sentences.KEPT_FOR_PEOPLE(account=successor.account.label)
        stands = PlatformLink.objects.filter(
            account=successor.account, kind=self.kind, local_id=successor.pk
        )
        if not stands.filter(state=PlatformLink.State.LIVE).exclude(external_id=None).exists():
            return waits
        if not successor.account.capabilities.kind(Kind.REGISTRATION).create.offered:
            return ""
        waiting = successor.registrations.filter(
            removed_at=None, registered_at=None, stage=Registration.Stage.REGISTERED
        )
        return waits if waiting.exists() else ""


class RegistrationMirror(BelongsToConference):
    """The names belong to the person, not to the registration: they are sent, never compared.
    Answers are those of the platform's own fields: what was answered here stands beside them, and
    is never overwritten by theirs.

    Whoever was only invited, or waits for approval or a place, stands on no platform; whoever
    registers there is registered here as well, whatever they had answered.
    """

    kind = Kind.REGISTRATION
    model = Registration
    compared = ("email", answers.FIELD)
    needed = ("email",)
    never_emptied = (answers.FIELD,)
    side_by_side = frozenset({answers.FIELD})
    columns = {"email": "attendee__email", answers.FIELD: "answers_there"}
    asked_when_gone = True
    ours_if_refused = frozenset(needed)

    def rows(self, account: PlatformAccount, parents: Collection[Any]) -> QuerySet[Any]:
        rows = super().rows(account, parents).filter(stage=Registration.Stage.REGISTERED)
        return rows.select_related("attendee")

    def row(self, local_id: int) -> Registration | None:
        return Registration.objects.filter(pk=local_id).select_related("attendee").first()

    def read(self, row: Registration) -> dict[str, Any]:
        return {"email": row.attendee.email, answers.FIELD: row.answers_there}

    def draft(self, row: Registration) -> dict[str, Any]:
        """With what the person has given; a room that asks for more puts it in by itself."""
        person = row.attendee
        names = {"first_name": person.first_name, "last_name": person.last_name}
        return {"email": person.email, **names, answers.FIELD: row.answers_there}

    def brings(self, row: Registration) -> tuple[Kind, int]:
        """The person, whom the platform knows from then on by the names that were sent."""
        return Kind.ATTENDEE, row.attendee_id

    def write(self, row: Registration, values: Mapping[str, Any]) -> None:
        """The address of a registration is its key: a platform that changes it made another."""
        if self._take_answers(row, values):
            row.save(update_fields=["answers_there", "updated_at"])

    def first_bases(self, ours: Fields, theirs: Fields) -> tuple[dict[str, Any], dict[str, Any]]:
        """Answers that were given there first are still to be taken."""
        base_ours, base_theirs = super().first_bases(ours, theirs)
        if ours.get(answers.FIELD) != base_theirs.get(answers.FIELD):
            base_theirs.pop(answers.FIELD, None)
        return base_ours, base_theirs

    def _take_answers(self, row: Registration, values: Mapping[str, Any]) -> bool:
        before = row.answers_there
        row.answers_there = answers.together(before, str(values.get(answers.FIELD) or "") or before)
        return row.answers_there != before

    def make(self, account: PlatformAccount, parent_id: Any, record: Record) -> Registration:
        person = person_of(record)
        row, _ = Registration.objects.get_or_create(
            conference_id=parent_id,
            attendee=person,
            defaults={"origin": Registration.Origin.PLATFORM},
        )
        if not row.is_registered:
            row.stage, row.answer = Registration.Stage.REGISTERED, Registration.Answer.YES
            row.answered_at, row.removed_at = clock.now(), None
            row.save(update_fields=["stage", "answer", "answered_at", "removed_at", "updated_at"])
        self.write(row, record.fields)
        return row

    def make_many(
        self, account: PlatformAccount, records: Sequence[tuple[Any, Record]]
    ) -> list[Made | None]:
        invited = _not_registered(records)
        fresh = [one for one in records if (one[0], address_of(one[1])) not in invited]
        made = iter(
            put_in(
                Registration,
                fresh,
                "conference",
                token=lambda _: uuid4(),
                join_url=_join_url,
                registered_at=registered_at,
                answers_there=_answers,
            )
        )
        return [
            None
            if (parent_id, address_of(record)) in invited
            else _with_answers(next(made), record)
            for parent_id, record in records
        ]

    def told(self, row: Registration, record: Record) -> list[str]:
        link = _join_url(record)
        if row.registered_at and (not link or link == row.join_url):
            return []
        row.join_url = link or row.join_url
        row.registered_at = row.registered_at or registered_at(record)
        return ["join_url", "registered_at"]

    def made_anew(self, row: Registration, link: PlatformLink) -> bool:
        """A guest is nothing there but an address. What is over needs no other guests."""
        base = link.base_ours.get("email")
        if not link.facts.get("guest") or base in (None, row.attendee.email) or row.removed_at:
            return False
        return not row.conference.is_over

    def wants_link(self, row: Registration) -> bool:
        return not row.join_url and not row.removed_at


class ModeratorMirror(BelongsToConference):
    kind = Kind.MODERATOR
    model = Moderator
    compared = ("email", "name", "role")
    asked_when_gone = True
    needed = ("email",)
    never_emptied = ("name",)
    agrees_to_differ = True

    def draft(self, row: Moderator) -> dict[str, Any]:
        """A personal link into a room with a password is made with that password."""
        password = row.conference.password
        return self.read(row) | ({"password": password} if password else {})

    def make(self, account: PlatformAccount, parent_id: Any, record: Record) -> Moderator:
        new = self.new(account, parent_id, record)
        row, _ = Moderator.objects.get_or_create(
            conference_id=parent_id,
            email=new.email,
            defaults={"name": new.name, "role": new.role, "origin": new.origin},
        )
        return row

    def first_bases(self, ours: Fields, theirs: Fields) -> tuple[dict[str, Any], dict[str, Any]]:
        """Two names may stand side by side; what somebody may do there is the platform's to say."""
        base_ours, base_theirs = super().first_bases(ours, theirs)
        if ours.get("role") != theirs.get("role"):
            base_theirs.pop("role", None)
        return base_ours, base_theirs

    def wants_link(self, row: Moderator) -> bool:
        return not row.join_url and not row.removed_at

    def new(self, account: PlatformAccount, parent_id: Any, record: Record) -> Moderator:
        fields = record.fields
        return Moderator(
            conference_id=parent_id,
            email=str(fields.get("email") or "").lower(),
            name=str(fields.get("name") or "")[:200],
            role=fields.get("role") or Moderator.Role.PRESENTER,
            origin=Moderator.Origin.PLATFORM,
        )

    def told(self, row: Moderator, record: Record) -> list[str]:
        link = _join_url(record) or row.join_url
        fixed = str(record.facts.get("fixed") or "")[:200]
        if (link, fixed) == (row.join_url, row.fixed):
            return []
        row.join_url, row.fixed = link, fixed
        return ["join_url", "fixed"]


def _answers(record: Record) -> str:
    return str(record.fields.get(answers.FIELD) or "")


def _with_answers(made: Made | None, record: Record) -> Made | None:
    return made and made._replace(ours=made.ours | {answers.FIELD: _answers(record)})


def _not_registered(records: Sequence[tuple[Any, Record]]) -> set[tuple[Any, str]]:
    """Webinar and address of those who are here already, and were only invited so far."""
    addresses = {address_of(record) for _, record in records}
    rows = Registration.objects.filter(
        attendee__email__in=bulk.Among(addresses),
        conference__in={parent_id for parent_id, _ in records},
    )
    rows = rows.exclude(stage=Registration.Stage.REGISTERED)
    return set(rows.order_by().values_list("conference_id", "attendee__email"))


def _join_url(record: Record) -> str:
    """The personal link that a record shows, cut to what fits; empty where it shows none."""
    return str(record.facts.get("join_url") or "")[:2000]


def registered_at(record: Record) -> datetime:
    """When somebody registered: by the platform where it says so, else this moment. Those that we
    send are registered when they stand there."""
    told = record.facts.get("registered_at")
    try:
        return parse_instant(str(told)) if told else clock.now()
    except ValueError:
        return clock.now()


def fingerprint(secret: str) -> str:
    """A keyed digest, so that a change of a secret shows without the secret being kept."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, secret.encode(), hashlib.sha256).hexdigest()[:32]

"""Random edits on both sides, and the journal of how each of them went."""

import json
import re
from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.db import DatabaseError, transaction
from django.db.models import ProtectedError

from integrations.base.records import Kind
from integrations.sandbox import EditRefused
from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences import rules
from portal.conferences.audience.services import moderators, registrations
from portal.conferences.models import Attendee, AttendeeGroup, Conference
from portal.conferences.people.services import groups, people
from portal.conferences.schedule.services import schedule
from portal.conferences.schedule.services.cancel import cancel
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync.models import Conflict, Hold
from portal.sync.services import conflicts, holds, lost_creates

OK, FAIL, UNKNOWN = "ok", "fail", "unknown"
LEAST_WEBINARS, MOST_WEBINARS = 4, 12  # for each account: more would only make each sync longer
PEOPLE = 40
# How each platform's own panel makes a webinar.
ADD = {
    "clickmeeting": lambda account, title, start: account.add_room(title, starts_at=start),
    "livewebinar": lambda account, title, start: account.add_widget(title, starts_at=start),
    "myownconference": lambda account, title, start: account.add_webinar(title, start=start),
    "trueconf": lambda account, title, start: account.add_conference(title, start=start),
    "webinarfuel": lambda account, title, start: account.add_webinar(title, starts_at=start),
}


class Hands:
    """Staff and the people at the platforms' own panels. Every title holds its webinar's token."""

    def __init__(self, stand, chance, path) -> None:
        self.stand, self.chance, self.path = stand, chance, path
        self.journal = []
        self._number = 0

    def begin(self) -> None:
        """A few webinars on every account, so that there is something to edit."""
        for account in PlatformAccount.objects.order_by("pk"):
            for act in (self.schedule, self.add_there) * LEAST_WEBINARS:
                act(account)

    def edit(self) -> None:
        """One edit, by chance on one of the sides; not everything can be done everywhere."""
        before = len(self.journal)
        for _ in range(10):
            self._edit()
            if len(self.journal) > before:
                return

    def _edit(self) -> None:
        account = self.chance.choice(list(PlatformAccount.objects.order_by("pk")))
        ours = [
            (4, self.schedule),
            (6, self.retitle),
            (2, self.move),
            (6, self.invite),
            (1, self.cancel),
            (4, self.rename_person),
            (4, self.change_group),
            (3, self.moderate),
        ]
        theirs = [
            (3, self.add_there),
            (6, self.retitle_there),
            (2, self.move_there),
            (5, self.register_there),
            (1, self.delete_there),
        ]
        weights, acts = zip(*ours, *theirs, strict=True)
        self.chance.choices(acts, weights)[0](account)

    def done(self, verb, outcomes=(OK, UNKNOWN)):
        """The entries of a verb that were, or may have been, carried out."""
        return [e for e in self.journal if e["verb"] == verb and e["outcome"] in outcomes]

    def _do(self, account, verb, act, **told):
        """Carry it out and write down how that went. A person is told of a failure at once."""
        entry = {"n": len(self.journal), "platform": account.platform, "verb": verb} | told
        try:
            with transaction.atomic():
                act()
            entry["outcome"] = OK
        except (NotPossible, EditRefused, LookupError, ProtectedError) as error:
            entry |= {"outcome": FAIL, "why": f"{error} {getattr(error, 'field_errors', '')}"}
        except DatabaseError as error:
            entry |= {"outcome": UNKNOWN, "why": str(error)}
        entry["at"] = clock.now().isoformat()
        self.journal.append(entry)
        with self.path.open("a") as file:
            file.write(json.dumps(entry) + "\n")

    def _next(self):
        self._number += 1
        return self._number

    def _start(self):
        moment = clock.now().replace(second=0, microsecond=0)
        return moment + timedelta(days=3 + self._number % 60, minutes=5 * self.chance.randrange(99))

    # our side -----------------------------------------------------------------------------------

    def schedule(self, account):
        if not rules.reaches_platform(account, Kind.CONFERENCE, "create"):
            return
        if Conference.objects.filter(account=account, removed_at=None).count() >= MOST_WEBINARS:
            return
        number = self._next()
        title = f"Soak {number}: made here"
        values = {
            "title": title,
            "starts_at": self._start(),
            "duration_minutes": 60,
            "timezone": "Europe/Berlin",
        }
        if account.platform == "trueconf":
            values["options.owner"] = self.stand.sandbox.account("trueconf").administrator
        if not rules.reason_off(account, "registration_enabled", on_update=False):
            values["registration_enabled"] = True
        act = partial(schedule.schedule, account=account, values=values, by=None)
        self._do(account, "schedule", act, token=number, value=title)

    def _conference(self, account):
        rows = Conference.objects.filter(account=account, removed_at=None, gone_at=None)
        return self._pick(rows)

    def _pick(self, things):
        """One of them, often one of the oldest, so that both sides meet at the same webinar."""
        known = sorted(things, key=lambda thing: token_of(thing.title))
        few = known[:2] if self.chance.random() < 0.6 else known
        return self.chance.choice(few) if few else None

    def retitle(self, account):
        changes = rules.reaches_platform(account, Kind.CONFERENCE, "update")
        if changes and (row := self._conference(account)):
            title = f"Soak {token_of(row.title)}: here {self._next()}"
            act = partial(schedule.reschedule, row, {"title": title}, None, row.version)
            self._do(account, "retitle", act, token=token_of(row.title), value=title)

    def move(self, account):
        changes = rules.reaches_platform(account, Kind.CONFERENCE, "update")
        if changes and (row := self._conference(account)):
            values = {"starts_at": self._start()}
            act = partial(schedule.reschedule, row, values, None, row.version)
            self._do(account, "move", act, token=token_of(row.title))

    def cancel(self, account):
        rows = Conference.objects.filter(account=account, removed_at=None, gone_at=None)
        deletes = rules.reaches_platform(account, Kind.CONFERENCE, "delete")
        if deletes and rows.count() > LEAST_WEBINARS and (row := self._conference(account)):
            act = partial(cancel, row, None, notify=False)
            self._do(account, "cancel", act, token=token_of(row.title))

    def _person(self):
        email = f"person{self.chance.randrange(PEOPLE)}@example.com"
        return Attendee.objects.get_or_create(email=email)[0]

    def invite(self, account):
        row, person = self._conference(account), self._person()
        if row is None or row.registrations.filter(attendee=person).exists():
            return

        def act():
            if reason := rules.reason_against(account, Kind.REGISTRATION, "create"):
                raise NotPossible(reason)
            registrations.register(row, [person], None)

        self._do(account, "invite", act, token=token_of(row.title), value=person.email)

    def rename_person(self, account):
        person, name = self._person(), f"Name{self._next()}"
        act = partial(people.update, person, {"last_name": name}, None)
        self._do(account, "rename person", act, value=name, email=person.email)

    def change_group(self, account):
        if not rules.reaches_platform(account, Kind.GROUP, "create"):
            return
        rows = list(AttendeeGroup.objects.filter(account=account, gone_at=None).order_by("pk"))
        person, name = self._person(), f"Soak group {self._next()}"
        if len(rows) < 3:
            act = partial(groups.create, name, "", None, account)
            self._do(account, "found group", act, value=name)
            return
        row = self.chance.choice(rows)
        act = self.chance.choice(
            [
                lambda: groups.put_in(row, [person.pk], None),
                lambda: groups.put_in(row, [person.pk], None),
                lambda: groups.take_out(row, [person.pk], None),
                lambda: groups.rename(row, name, "", None),
            ]
        )
        self._do(account, "change group", act, value=name, email=person.email)

    def moderate(self, account):
        row = self._conference(account)
        if row is None or not rules.reaches_platform(account, Kind.MODERATOR, "create"):
            return
        there = list(row.moderators.filter(removed_at=None, gone_at=None))
        email = f"moderator{self.chance.randrange(5)}@example.com"
        if there and self.chance.random() < 0.4:
            act = partial(moderators.unassign, self.chance.choice(there), None)
        else:
            act = partial(
                moderators.assign, row, email=email, name="Moderator", role="presenter", by=None
            )
        self._do(account, "moderate", act, token=token_of(row.title), email=email)

    def answer(self):
        """Staff look at what was held: what is missing at the platform's own panel too is let go,
        the rest is not believed. An account that was left alone is tried again."""
        for hold in Hold.objects.filter(ended_at=None).select_related("account"):
            there = {token_of(thing.title) for thing in self.things(hold.account.platform)}
            lost = {token_of(line["title"]) for line in hold.missing if line["title"]}
            believed = hold.kind == Kind.CONFERENCE and not lost & there
            with suppress(NotPossible):  # it may have ended by itself meanwhile
                (holds.release if believed else holds.keep)(hold, None)
        self._say_which_it_is()
        AccountRuntime.objects.exclude(open_until=None).update(open_until=None)

    def _say_which_it_is(self):
        """Of the records that may be a webinar of ours, the one that bears its number."""
        open_ = Conflict.objects.filter(sort=Conflict.Sort.WHICH, resolved_at=None)
        for question in open_.select_related("account", "link"):
            row = Conference.objects.filter(pk=question.local_id).first()
            shown = {one["id"]: token_of(one.get("title", "")) for one in question.theirs or []}
            mine = [pk for pk, token in shown.items() if row and token == token_of(row.title)]
            names = [lost_creates.name_of({"id": pk}) for pk in mine]
            with suppress(NotPossible):
                conflicts.resolve(question, names[0] if names else "none", None)

    # their side ---------------------------------------------------------------------------------

    def things(self, platform):
        """What stands on a platform, by its own panel."""
        world = self.stand.sandbox.world
        with world.lock:
            return world.platform(platform).things(self.stand.sandbox.account(platform))

    def add_there(self, account):
        if len(self.things(account.platform)) >= MOST_WEBINARS:
            return
        number = self._next()
        title = f"Soak {number}: made there"
        side, start = self.stand.sandbox.account(account.platform), self._start()
        act = partial(ADD[account.platform], side, title, start)
        self._do(account, "add there", self._locked(act), token=number, value=title)

    def _locked(self, act):
        def locked():
            with self.stand.sandbox.world.lock:
                act()

        return locked

    def _edit_there(self, account, verb, name, told):
        """One of the edits that the platform's control page offers, on one of its webinars."""
        things = self.things(account.platform)
        platform = self.stand.sandbox.world.platform(account.platform)
        edit = next((edit for edit in platform.edits if edit.name == name), None)
        if not things or edit is None:
            return
        thing = self._pick(things)
        token = token_of(thing.title)
        values = told(token)
        side = self.stand.sandbox.account(account.platform)
        act = self._locked(lambda: edit.apply(side, thing.id, values))
        said = values.get("email") or values.get("name")
        self._do(account, verb, act, token=token, value=said)

    def retitle_there(self, account):
        self._edit_there(
            account,
            "retitle there",
            "rename",
            lambda token: {"name": f"Soak {token}: there {self._next()}"},
        )

    def move_there(self, account):
        self._edit_there(account, "move there", "move", lambda token: {"days": "1"})

    def register_there(self, account):
        email = f"person{self.chance.randrange(PEOPLE)}@example.com"
        names = {"first_name": "Robin", "last_name": "There", "name": "Robin There"}
        self._edit_there(account, "register there", "register", lambda _: {"email": email} | names)

    def delete_there(self, account):
        if len(self.things(account.platform)) <= LEAST_WEBINARS:
            return
        self._edit_there(account, "delete there", "delete", lambda token: {})


def token_of(title: str) -> int:
    """The number that a webinar keeps through all its titles; 0 for anything else."""
    found = re.match(r"Soak (\d+):", title)
    return int(found[1]) if found else 0

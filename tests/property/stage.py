"""The stage for property tests: the real engine, our tables, and the modelled platform.

Every edit writes a value that occurs nowhere else, so that a lost one can be told from the end
state alone.
"""

import itertools
from contextlib import contextmanager
from datetime import timedelta

from portal.common import clock
from portal.conferences.models import Attendee, Conference, Registration
from portal.outbox import services as outbox
from portal.outbox.models import OutboxEntry
from portal.platforms import lease
from portal.platforms.models import PlatformAccount
from portal.sync import engine
from portal.sync.mirrors import MIRRORS
from portal.sync.models import Conflict, Hold, PlatformLink, SyncRun
from tests.property.modelroom.world import WORLD, Crash, fresh, normal

FIELDS = ("title", "description", "duration_minutes")
SYNCS_TO_CONVERGE = 8


@contextmanager
def crashing_commits():
    """Each commit of the engine is a point at which the worker may die, before it or after."""
    real = lease.Lease.commit

    @contextmanager
    def commit(self):
        WORLD.step()
        with real(self):
            yield
        WORLD.step()

    lease.Lease.commit = commit
    try:
        yield
    finally:
        lease.Lease.commit = real


class Stage:
    """One account on the modelled platform, with the ways to disturb either side."""

    def __init__(self, **options):
        self.world = fresh()
        self.account = PlatformAccount.objects.create(
            label="Model", platform="model", base_url="http://model.invalid", options=options
        )
        self.unique = itertools.count(1)
        self.syncs = 0
        self.faulty = 0
        self.crashes = 0
        self.seen_here = {}  # (row, field) -> every value that the row ever had
        self.our_edits = {}  # (row, field) -> the last value that a person typed here
        self.their_edits = {}  # (room, field) -> the last value that was set there

    # our side ----------------------------------------------------------------------------------

    def schedule(self):
        number = next(self.unique)
        start = (clock.now() + timedelta(days=number)).replace(microsecond=0)
        row = Conference.objects.create(
            account=self.account, title=f"Ours {number}", starts_at=start, duration_minutes=60
        )
        outbox.add(self.account, "conference", row.pk)
        return row

    def value(self, name):
        number = next(self.unique)
        if name == "duration_minutes":
            return 100 + number
        # Awkward on purpose: the platform trims, and cuts a long description.
        return f"  {name}  {number} and more words than it keeps, surely"

    def edit_here(self, pk, name):
        row = Conference.objects.get(pk=pk)
        value = self.value(name)
        setattr(row, name, value)
        row.save()
        outbox.add(self.account, "conference", pk)
        self.our_edits[pk, name] = value

    def cancel_here(self, pk):
        Conference.objects.filter(pk=pk).update(removed_at=clock.now())
        outbox.add(self.account, "conference", pk)

    def invite_here(self, pk, email=None):
        email = email or f"person{next(self.unique)}@example.com"
        person, _ = Attendee.objects.get_or_create(email=email)
        row, made = Registration.objects.get_or_create(conference_id=pk, attendee=person)
        if made:
            outbox.add(self.account, "registration", row.pk)
        return row

    def rows(self):
        return list(Conference.objects.filter(removed_at=None, gone_at=None).order_by("pk"))

    # their side --------------------------------------------------------------------------------

    def add_there(self):
        number = next(self.unique)
        start = (clock.now() + timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = {"title": f"Theirs {number}", "description": "", "starts_at": start}
        return self.world.add(fields | {"duration_minutes": 45})

    def edit_there(self, room_id, name):
        value = self.value(name)
        self.world.edit(room_id, {name: value})
        self.their_edits[room_id, name] = normal({name: value})[name]

    def remove_there(self, room_id):
        del self.world.rooms[room_id]

    def register_there(self, room_id, email=None):
        self.world.register(room_id, email or f"person{next(self.unique)}@example.com")

    # syncs -------------------------------------------------------------------------------------

    def sync(self, troubles=None, crash_after=None):
        """One sync; `troubles` maps the number of a call within it to what goes wrong there."""
        world, first = self.world, len(self.world.calls)
        world.script = {first + at: what for at, what in (troubles or {}).items()}
        world.crash_at = None if crash_after is None else world.steps + crash_after
        self.syncs += 1
        self.faulty += bool(troubles) or crash_after is not None
        run = None
        with crashing_commits():
            try:
                run = engine.sync_account(self.account.pk, trigger="test", full=True)
            except Crash:
                self.crashes += 1
                clock.advance(lease.TTL.total_seconds() + 1)
        world.script, world.crash_at = {}, None
        self._remember()
        self.check()
        return run

    def settle(self):
        """Faults have stopped: both sides must agree within a bounded number of syncs."""
        for _ in range(SYNCS_TO_CONVERGE):
            clock.advance(120)
            self._calm()
            run = self.sync()
            if self._nothing_left(run):
                return

    def _nothing_left(self, run):
        open_ops = PlatformLink.objects.exclude(op="").exists()
        misses = PlatformLink.objects.filter(state="live", misses__gt=0).exists()
        work = OutboxEntry.objects.filter(state__in=["waiting", "working"]).exists()
        return not (run is None or run.steps or run.problem or open_ops or misses or work)

    def _calm(self):
        """What only time and people heal: pauses are over, holds have been looked at."""
        for hold in Hold.objects.filter(ended_at=None):
            hold.released, hold.ended_at = True, clock.now()
            hold.save()
        PlatformAccount.objects.update(blocked_until=None, open_until=None)
        OutboxEntry.objects.filter(state="waiting").update(not_before=clock.now())

    def _remember(self):
        for row in Conference.objects.all():
            for name in FIELDS:
                self.seen_here.setdefault((row.pk, name), set()).add(getattr(row, name))

    # invariants --------------------------------------------------------------------------------

    def check(self):
        """What must hold after every step, whatever went wrong."""
        self._one_record_per_create()
        self._deletes_are_asked_for()
        self._nothing_gone_that_is_there()

    def _one_record_per_create(self):  # I1
        ours = [r.made_by_us for r in self.world.rooms.values() if r.made_by_us]
        assert len(ours) == len(set(ours)), f"made twice: {ours}"
        assert len(self.world.creates) == len(set(self.world.creates)), self.world.creates
        for room in self.world.rooms.values():
            numbers = list(room.people.values())
            assert len(numbers) == len(set(numbers))
        links = PlatformLink.objects.exclude(external_id=None).exclude(local_id=None)
        rows = list(links.values_list("kind", "local_id"))
        assert len(rows) == len(set(rows))

    def _deletes_are_asked_for(self):  # I2
        for room_id, held in self.world.deleted:
            link = PlatformLink.objects.get(kind="conference", external_id=room_id)
            row = Conference.objects.get(pk=link.local_id)
            assert row.removed_at, f"{room_id} was deleted without a person's wish"
            agreed = {n: held[n] for n in link.base_theirs if n in held}
            assert agreed == link.base_theirs, f"{room_id} was deleted in a version nobody saw"

    def _nothing_gone_that_is_there(self):  # I5
        gone = Conference.objects.exclude(gone_at=None).values_list("pk", flat=True)
        links = PlatformLink.objects.filter(kind="conference", local_id__in=list(gone))
        for external_id in links.values_list("external_id", flat=True):
            assert external_id not in self.world.rooms, f"{external_id} is there"

    def check_agreement(self):
        """After faults stop: both sides hold the same, and no edit was lost (I3, I4)."""
        assert not PlatformLink.objects.exclude(op=""), "a create is still unsettled"
        assert not OutboxEntry.objects.filter(state__in=["waiting", "working"]), "work is left"
        linked = {}
        for row in self.rows():
            link = PlatformLink.objects.filter(kind="conference", local_id=row.pk).first()
            assert link is not None, f"{row} never reached the platform"
            room = self.world.rooms.get(link.external_id or "")
            assert room is not None, f"{row} has no record"
            ours = MIRRORS["conference"].read(row)
            shown = normal({n: ours[n] for n in (*FIELDS, "starts_at")})
            assert shown == {n: room.fields.get(n) for n in shown}, f"{row} and {room} differ"
            people = set(row.registrations.values_list("attendee__email", flat=True))
            assert people == set(room.people), f"{row}: other people"
            linked[room.id] = row
        assert set(linked) == set(self.world.rooms), "a record has no row"
        self._no_edit_is_lost()

    def _no_edit_is_lost(self):  # I3
        kept = {}
        for conflict in Conflict.objects.filter(kind="conference"):
            kept.setdefault((conflict.local_id, conflict.field), set()).update(
                _hashable([conflict.ours, conflict.theirs])
            )
        links = PlatformLink.objects.filter(kind="conference").exclude(external_id=None)
        rows = {link.external_id: link.local_id for link in links}
        rooms = {local: external for external, local in rows.items()}
        for (pk, name), value in self.our_edits.items():
            row = Conference.objects.get(pk=pk)
            room = self.world.rooms.get(rooms.get(pk, ""))
            if room is None or row.removed_at or row.gone_at:
                continue
            reached = normal({name: value})[name] in room.shown[name]
            assert reached or value in kept.get((pk, name), ()), f"our {name} {value!r} is lost"
        for (room_id, name), value in self.their_edits.items():
            if room_id not in self.world.rooms:
                continue
            pk = rows[room_id]
            seen = value in self.seen_here.get((pk, name), ()) or value in kept.get((pk, name), ())
            last = self.world.rooms[room_id].fields[name] == value
            assert seen or last, f"their {name} {value!r} is lost"

    def check_quiet(self):
        """The next sync writes nothing and makes the least number of calls (I4)."""
        before = len(self.world.calls), self.world.writes
        links = list(PlatformLink.objects.order_by("pk").values())
        run = self.sync()
        assert run.outcome == SyncRun.Outcome.OK, run.problem
        assert run.steps == [], run.steps
        assert self.world.writes == before[1], "a quiet sync wrote"
        assert list(PlatformLink.objects.order_by("pk").values()) == links
        pages = max(1, -(-len(self.world.rooms) // 3))
        lists = sum(max(1, -(-len(r.people) // 3)) for r in self.world.rooms.values())
        assert len(self.world.calls) - before[0] == pages + lists


def _hashable(values):
    return {v for v in values if isinstance(v, str | int)}

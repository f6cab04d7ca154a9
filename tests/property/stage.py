"""The stage for property tests: the real engine, our tables, and the modelled platforms."""

from contextlib import contextmanager

from integrations.base.records import Kind
from portal.common import clock
from portal.outbox.models import OutboxEntry
from portal.platforms import lease
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import engine
from portal.sync.models import Conflict, Hold, PlatformLink, Watched
from portal.sync.services import conflicts, lost_creates
from tests.property.checks import Checks
from tests.property.modelroom.adapter import CLASSIC
from tests.property.modelroom.world import FATE, Crash, fresh
from tests.property.sides import OurSide, TheirSide

SYNCS_TO_CONVERGE = 8
SECRET = "the-key-of-the-model"
PEOPLE = (Kind.ATTENDEE, Kind.GROUP, Kind.MEMBERSHIP)
CREW = (Kind.CONFERENCE, Kind.MODERATOR, Kind.SESSION, Kind.RECORDING)


@contextmanager
def crashing_commits():
    """Each commit of the engine is a point at which the worker may die, before it or after."""
    real = lease.Lease.commit

    @contextmanager
    def commit(self):
        FATE.step()
        with real(self):
            yield
        FATE.step()

    lease.Lease.commit = commit
    try:
        yield
    finally:
        lease.Lease.commit = real


def everything(account):
    return engine.sync_account(account.pk, trigger="test", full=True)


def a_slice(account):
    """What has its turn, as beat has it read."""
    return engine.sync_account(account.pk)


def what_is_looked_at(account):
    """Each webinar with its lists, as if somebody looked at all of them."""
    links = PlatformLink.objects.filter(account=account, kind=Kind.CONFERENCE)
    now = clock.now()
    for link in links:
        Watched.objects.update_or_create(link=link, defaults={"wanted_at": now})
    return engine.read_live(account.pk)


class Stage(OurSide, TheirSide, Checks):
    """Accounts on modelled platforms, with the ways to disturb either side.

    `kinds` are what the platforms have; `account` and `world` are the first of the accounts.
    """

    def __init__(self, *, kinds=CLASSIC, accounts=1, lasting_ids=False, **options):
        OurSide.__init__(self)
        TheirSide.__init__(self)
        self.withdraw = options.get("withdraw", False)
        self.kinds = tuple(kind for kind in Kind if kind in kinds)
        self.worlds, self.accounts = [], []
        for number in range(accounts):
            address = f"http://model{number}.invalid"
            self.worlds.append(
                fresh(address, lasting_ids=lasting_ids, people=Kind.ATTENDEE in self.kinds)
            )
            self.accounts.append(
                PlatformAccount.objects.create(
                    label=f"Model {number}",
                    platform="model",
                    base_url=address,
                    interval_minutes=1,
                    credentials={"api_key": SECRET},
                    options={"kinds": [str(kind) for kind in self.kinds], **options},
                )
            )
        self.world, self.account = self.worlds[0], self.accounts[0]
        self.syncs = self.faulty = self.crashes = 0
        self.at_rest = None  # the last round of `settle`, until something follows it
        Checks.__init__(self)

    def sync(self, troubles=None, crash_after=None, at=0, meanwhile=None, job=everything):
        """One sync of the account `at`, or another `job`; `troubles` maps the number of a call
        within it to what goes wrong there, `meanwhile` to what others do in the panel before it."""
        world, account = self.worlds[at], self.accounts[at]
        first = len(world.calls)
        world.script = {
            first + key if isinstance(key, int) else key: what
            for key, what in (troubles or {}).items()
        }
        world.meanwhile = {first + number: act for number, act in (meanwhile or {}).items()}
        FATE.crash_at = None if crash_after is None else FATE.steps + crash_after
        self.syncs += 1
        self.at_rest = None
        self.faulty += bool(troubles) or crash_after is not None
        run = None
        with crashing_commits():
            try:
                run = job(account)
            except Crash:
                self.crashes += 1
                clock.advance(lease.TTL.total_seconds() + 1)
        world.script, world.meanwhile, FATE.crash_at = {}, {}, None
        self.remember()
        self.check(run)
        return run

    def sync_all(self):
        return [self.sync(at=at) for at in range(len(self.accounts))]

    def settle(self):
        """Faults have stopped: all sides must agree within a bounded number of syncs."""
        for _ in range(SYNCS_TO_CONVERGE):
            clock.advance(120)
            self.calm()
            before = self.seen_before()
            runs = self.sync_all()
            if self._nothing_left(runs):
                self.at_rest = before, runs
                return

    def _nothing_left(self, runs):
        open_ops = PlatformLink.objects.exclude(op="").exists()
        misses = PlatformLink.objects.filter(state="live", misses__gt=0).exists()
        work = OutboxEntry.objects.filter(state__in=["waiting", "working"]).exists()
        quiet = all(run and not run.steps and not run.problem for run in runs)
        return quiet and not (open_ops or misses or work)

    def calm(self):
        """What only time and people heal: pauses are over, holds have been looked at."""
        for hold in Hold.objects.filter(ended_at=None):
            hold.released, hold.ended_at = True, clock.now()
            hold.save()
        for question in Conflict.objects.filter(sort=Conflict.Sort.WHICH, resolved_at=None):
            conflicts.resolve(question, self._answer(question), None)
        for world in self.worlds:
            world.quiet_until = None
        AccountRuntime.objects.update(blocked_until=None, open_until=None)
        OutboxEntry.objects.filter(state="waiting").update(not_before=clock.now())

    def _answer(self, question):
        """Staff look into the panel, and know what they have made."""
        made = f"conference {question.ours['title']}"
        items = {item.id: item for world in self.worlds for item in world.items.values()}
        for one in question.theirs:
            if one["id"] in items and items[one["id"]].made_by_us == made:
                return lost_creates.name_of(one)
        return "none"

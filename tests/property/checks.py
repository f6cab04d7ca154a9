"""The invariants: I1 to I8, after each step and at the end.

I1 one record for each create. I2 each delete was asked for. I3 no edit is lost. I4 converged, then
quiet. I5 nothing gone that is there. I6 the lease's fence grows. I7 no call before the pause that
the platform asked for is over. I8 no secret is told, no trouble twice.
"""

from collections import Counter
from contextlib import suppress

from integrations.base.records import PARENTS, Kind
from portal.conferences.models import Attendee, Registration
from portal.outbox.models import OutboxEntry
from portal.platforms.models import PlatformAccount
from portal.sync.kinds import KINDS
from portal.sync.models import Conflict, PlatformLink, SyncRun
from tests.property.modelroom.world import normal
from tests.property.sides import EDITED

NAMED = (Kind.ATTENDEE, Kind.MEMBERSHIP, Kind.MODERATOR, Kind.REGISTRATION)


class Checks:
    """A part of the stage, which has `kinds`, `accounts`, `worlds` and what both sides did."""

    def __init__(self):
        self.seen_here = {}  # (kind, row, field) -> every value that the row ever had
        self._known_gone = set()
        self._looked_at = [0] * len(self.accounts)
        self._fences = [0] * len(self.accounts)

    def standing(self, kind, account=None):
        """Our rows of a kind on an account that are neither removed nor gone."""
        account = account or self.account
        parents = []
        if kind in PARENTS:
            parents = [row.pk for row in self.standing(PARENTS[kind], account)]
        stays = [
            row
            for row in KINDS[kind].mirror.rows(account, parents)
            if not getattr(row, "removed_at", None) and not getattr(row, "gone_at", None)
        ]
        return sorted(stays, key=lambda row: row.pk)

    def remember(self):
        for kind in set(EDITED) & set(self.kinds):
            for row in KINDS[kind].mirror.model._base_manager.values("pk", *EDITED[kind]):
                for name in EDITED[kind]:
                    self.seen_here.setdefault((kind, row["pk"], name), set()).add(row[name])

    # after each step ----------------------------------------------------------------------------

    def check(self, run=None):
        """What must hold after every step, whatever went wrong."""
        self._one_record_per_create()
        self._nobody_is_told_of_who_is_only_asked()
        for at in range(len(self.accounts)):
            self._deletes_are_asked_for(at)
        self._nothing_gone_that_is_there()
        self._one_worker_at_a_pace()
        told = f"{run.steps} {run.problem}" if run else ""
        assert "the-key-of-the-model" not in told, "a secret was told"  # I8

    def _one_record_per_create(self):  # I1
        for world in self.worlds:
            ours = [item.made_by_us for item in world.items.values() if item.made_by_us]
            assert len(ours) == len(set(ours)), f"made twice: {ours}"
            assert len(world.creates) == len(set(world.creates)), world.creates
        links = PlatformLink.objects.exclude(external_id=None).exclude(local_id=None)
        rows = list(links.values_list("account_id", "kind", "local_id"))
        assert len(rows) == len(set(rows))

    def _nobody_is_told_of_who_is_only_asked(self):
        asked = Registration.objects.exclude(stage=Registration.Stage.REGISTERED)
        ids = list(asked.values_list("pk", flat=True))
        about = {"kind": Kind.REGISTRATION, "local_id__in": ids}
        assert not PlatformLink.objects.filter(**about).exists(), "a platform knows who was asked"
        assert not OutboxEntry.objects.filter(**about).exists(), "a platform is told who was asked"

    def _deletes_are_asked_for(self, at):  # I2
        for item in self.worlds[at].deleted[self._looked_at[at] :]:
            link = PlatformLink.objects.get(
                account=self.accounts[at], kind=item.kind, external_id=item.id
            )
            removal = (item.kind, link.local_id)
            assert removal in self.removals, f"{item} was deleted without a person's asking"
            self.removals.remove(removal)
            agreed = {n: item.fields[n] for n in link.base_theirs if n in item.fields}
            assert agreed == link.base_theirs, f"{item} was deleted in a version nobody saw"
        self._looked_at[at] = len(self.worlds[at].deleted)
        # Called off: an edit there has won, or it came back.
        rows = {removal: KINDS[removal[0]].mirror.row(removal[1]) for removal in self.removals}
        self.removals = {w for w, row in rows.items() if row is not None and row.removed_at}

    def _nothing_gone_that_is_there(self):  # I5
        # Two accounts may have the same person, by the same id.
        there = {
            (account.pk, item_id)
            for account, world in zip(self.accounts, self.worlds, strict=True)
            for item_id in world.items
        }
        rows = PlatformLink.objects.filter(state="gone")
        gone = set(rows.values_list("account_id", "external_id"))
        wrong = (gone - self._known_gone) & there
        assert not wrong, f"{wrong} is there"
        self._known_gone = gone

    def _one_worker_at_a_pace(self):  # I6, I7
        fences = [PlatformAccount.objects.get(pk=a.pk).runtime.lease_fence for a in self.accounts]
        assert all(new >= old for new, old in zip(fences, self._fences, strict=True))
        self._fences = fences
        assert not any(world.too_early for world in self.worlds), "asked before the pause was over"

    # at the end ---------------------------------------------------------------------------------

    def check_agreement(self):
        """After faults stop: both sides hold the same, and no edit was lost (I3, I4)."""
        assert not PlatformLink.objects.exclude(op=""), "a create is still unsettled"
        left = OutboxEntry.objects.exclude(state__in=["done", "superseded"]).values_list(
            "kind", "state", "problem"
        )
        assert not left, f"work is left: {left}"
        for at in range(len(self.accounts)):
            for kind in self.kinds:
                self._same_on_both_sides(at, kind)
        self._edits_reached_all_who_knew()
        self._our_edits_are_kept()
        self._their_edits_are_kept()
        self._told_once()

    def _same_on_both_sides(self, at, kind):
        world, account = self.worlds[at], self.accounts[at]
        links = PlatformLink.objects.filter(account=account, kind=kind, state="live")
        by_row = {link.local_id: link for link in links}
        linked = set()
        for row in self.standing(kind, account):
            link = by_row.get(row.pk)
            unmet = link is None or link.external_id is None
            if unmet and kind is Kind.ATTENDEE and self._lost(at, row):
                continue
            assert link is not None, f"{kind} {row} never reached the platform"
            item = world.items.get(link.external_id or "")
            assert item is not None, f"{kind} {row} has no record"
            self._same_values(kind, KINDS[kind].mirror.read(row), link, item)
            linked.add(item.id)
        there = {i.id for i in world.of(kind) if kind not in NAMED or i.fields["email"]}
        assert linked == there, f"a {kind} has no row: {[world.items[i] for i in there - linked]}"

    def _same_values(self, kind, ours, link, item):
        names = {name for name in ours if name in item.fields}
        if not item.fields.get("answers"):
            names -= {"answers"}  # what nobody answered is not shown
        # Who meets with a value on either side agrees to differ: in all, a moderator in the name.
        free = {Kind.ATTENDEE: names, Kind.MODERATOR: {"name"}}.get(kind, set())
        shown = normal(kind, {name: ours[name] for name in names})
        same = {name: item.fields[name] for name in names - free}
        assert {name: shown[name] for name in same} == same, f"{ours} and {item} differ"
        for name in names:
            assert link.base_ours[name] == ours[name], f"{item}: {name} changed here, unsent"
            assert link.base_theirs[name] == item.fields[name], f"{item}: {name} not taken"

    def _lost(self, at, row):
        """Whether a person was on the account once, and was removed there; or was never brought
        to it, and cannot be added by themselves."""
        account, there = self.accounts[at], self.worlds[at].of(Kind.ATTENDEE)
        links = PlatformLink.objects.filter(account=account, kind=Kind.ATTENDEE, local_id=row.pk)
        if links.filter(state="gone").exists():
            return True
        added = account.options.get("adds_people", True)
        return not added and row.email not in [item.fields["email"] for item in there]

    def _edits_reached_all_who_knew(self):
        """A person's newest value stands on all accounts that knew them when it was typed."""
        for (pk, name), accounts in self.together.items():
            value = getattr(Attendee.objects.get(pk=pk), name)
            for link in PlatformLink.objects.filter(kind="attendee", local_id=pk, state="live"):
                if link.account_id not in accounts:
                    continue
                at = [account.pk for account in self.accounts].index(link.account_id)
                item = self.worlds[at].items[link.external_id]
                wanted = normal(Kind.ATTENDEE, {name: value})[name]
                assert item.fields[name] == wanted, f"{item} never heard of {name} {value!r}"

    def _kept(self):
        kept = {}
        for one in Conflict.objects.all():
            values = {v for v in (one.ours, one.theirs) if isinstance(v, str | int)}
            kept.setdefault((one.kind, one.local_id, one.field), set()).update(values)
        return kept

    def _items(self):
        return {item.id: item for world in self.worlds for item in world.items.values()}

    def _our_edits_are_kept(self):  # I3
        kept, items = self._kept(), self._items()
        links = PlatformLink.objects.filter(external_id__in=items).exclude(local_id=None)
        known = {(link.kind, link.local_id) for link in links}
        # Values occur once: where one was ever shown, it has reached the record it was meant for.
        ever = [*items.values(), *(item for world in self.worlds for item in world.removed)]
        reached = {
            (i.kind, n, value) for i in ever for n, all_ in i.shown.items() for value in all_
        }
        for (kind, pk, name), value in self.our_edits.items():
            row = KINDS[kind].mirror.row(pk)
            if row is None or (kind, pk) not in known or getattr(row, "removed_at", None):
                continue
            shown = (kind, name, normal(kind, {name: value})[name])
            differs = kind is Kind.ATTENDEE or (kind is Kind.MODERATOR and pk in self.unmet)
            stands = differs and getattr(row, name) == value
            assert shown in reached or stands or value in kept.get((kind, pk, name), ()), (
                f"our {kind} {name} {value!r} is lost"
            )

    def _their_edits_are_kept(self):  # I3
        kept, items = self._kept(), self._items()
        links = PlatformLink.objects.exclude(external_id=None).exclude(local_id=None)
        rows = {link.external_id: (link.kind, link.local_id) for link in links}
        for (item_id, name), value in self.their_edits.items():
            if item_id not in items or item_id not in rows:
                continue
            key = (*rows[item_id], name)
            seen = value in self.seen_here.get(key, ()) or value in kept.get(key, ())
            last = items[item_id].fields[name] == value
            assert seen or last, f"their {name} {value!r} is lost"

    def _told_once(self):  # I8
        told = Counter(
            (one.link_id, one.sort, one.field, str(one.ours), str(one.theirs))
            for one in Conflict.objects.filter(resolved_at=None)
        )
        assert not [key for key, times in told.items() if times > 1], told

    def check_quiet(self):
        """The next sync writes nothing and makes the least number of calls (I4).

        Where the round in which all came to rest was such a sync already, no other one is made.
        """
        rest, self.at_rest = self.at_rest, None
        if rest:
            with suppress(AssertionError):  # it still had to read something: the next one has not
                self._was_quiet(*rest)
                return
        before = self.seen_before()
        self._was_quiet(before, self.sync_all())

    def seen_before(self):
        """What a round of syncs will be compared with, should it have been a quiet one."""
        links = list(PlatformLink.objects.order_by("pk").values())
        return links, [(len(world.calls), world.writes) for world in self.worlds]

    def _was_quiet(self, before, runs):
        links, counts = before
        for world, (calls, writes), run in zip(self.worlds, counts, runs, strict=True):
            assert run.outcome == SyncRun.Outcome.OK, run.problem
            assert run.steps == [], run.steps
            assert world.writes == writes, "a quiet sync wrote"
            assert len(world.calls) - calls == world.pages(self.kinds)
            nameless = [i for k in NAMED if k in self.kinds for i in world.of(k)]
            assert run.nameless == sum(not item.fields["email"] for item in nameless)
        assert list(PlatformLink.objects.order_by("pk").values()) == links

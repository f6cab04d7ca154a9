"""What must hold after a soak, judged from the journal, the sandbox and the portal's tables."""

import itertools
import json
from collections import Counter, defaultdict
from datetime import timedelta

from integrations.base.records import Kind
from integrations.sandbox.persist import dump
from portal.conferences.models import Change, Conference
from portal.outbox.models import OutboxEntry
from portal.platforms import pace
from portal.platforms.connections import open_adapter
from portal.platforms.models import PlatformAccount
from portal.sync import engine
from portal.sync.models import Conflict, SyncRun
from tests.soak.hands import OK, token_of
from tests.soak.stand import RETRY_AFTER

AFTER_A_KILL = timedelta(seconds=2)


class Verdict:
    """Gathers what the soak has left behind, and names what should not be so."""

    def __init__(self, stand, hands, settled) -> None:
        self.stand, self.hands, self.settled = stand, hands, settled
        self.accounts = list(PlatformAccount.objects.order_by("pk"))
        self.requests = list(stand.sandbox.requests)
        self.titles = {slug: [thing.title for thing in hands.things(slug)] for slug in stand.slugs}
        self.there = {
            (slug, token_of(title)) for slug, titles in self.titles.items() for title in titles
        }
        self.rows = {
            (row.account.platform, token_of(row.title)): row
            for row in Conference.objects.select_related("account")
        }

    def figures(self):
        """What was done, in lines."""
        edits = Counter((entry["verb"], entry["outcome"]) for entry in self.hands.journal)
        yield "edits: " + ", ".join(f"{v} {o} {n}" for (v, o), n in sorted(edits.items()))
        runs = Counter(SyncRun.objects.values_list("outcome", flat=True))
        why = Counter((e["verb"], e["why"]) for e in self.hands.journal if "why" in e)
        yield f"not done: {dict(why.most_common(8))}"
        yield f"runs: {dict(runs)}, lease fences: {[max(f) for f in self.stand.fences.values()]}"
        hit = Counter(fault for entry in self.requests for fault in entry.faults)
        before = sum(entry.at < self.stand.calm_since for entry in self.requests)
        share = sum(hit.values()) / max(before, 1)
        yield f"requests: {len(self.requests)}; {before} before the faults stopped"
        yield f"faults: {share:.0%} of these, {dict(hit)}"
        yield f"kills: {len(self.stand.kills)}, workers that ended by themselves: {self.stand.died}"
        sorts = Counter(Conflict.objects.values_list("kind", "sort"))
        yield f"conflicts: { {f'{k} {s}': n for (k, s), n in sorts.items()} }"
        asked = OutboxEntry.objects.filter(state__in=["failed", "unknown"])
        for line in Counter(asked.values_list("account__platform", "kind", "problem")).items():
            yield f"left to staff: {line}"
        settled = "never" if self.settled is None else f"after {self.settled:.0f} s"
        yield f"at rest: {settled}"

    def broken(self) -> list[str]:
        """A line for each thing that must hold and does not."""
        found = [f"I4 it did not come to rest: {self.stand.unrest}"] if self.stand.unrest else []
        if self.stand.died:
            found.append(f"I6 {self.stand.died} workers ended by themselves")
        checks = (
            self._made_once,
            self._deleted_by_wish,
            self._titles_kept,
            self._nothing_gone,
            self._one_worker,
            self._pace,
            self._pauses,
            self._registered_once,
            self._quiet,
        )
        for check in checks:
            found += check()
        return found

    def _made_once(self):  # I1
        for slug, titles in self.titles.items():
            for token, times in Counter(token_of(title) for title in titles).items():
                if times > 1:
                    yield f"I1 {slug}: webinar {token} stands {times} times"
        known = Counter((row.account_id, token_of(row.title)) for row in Conference.objects.all())
        yield from (f"I1 {key} is here {n} times" for key, n in known.items() if n > 1)

    def _registered_once(self):  # I1
        for account in self.accounts:
            adapter = open_adapter(account)
            if adapter.capabilities.kind(Kind.REGISTRATION).list.offered:
                for page in adapter.list_all(Kind.CONFERENCE):
                    for record in page.records:
                        yield from self._twice(adapter, account, record.external_id)
            adapter.close()

    def _twice(self, adapter, account, external_id):
        pages = adapter.list_all(Kind.REGISTRATION, external_id)
        emails = Counter(record.fields["email"] for page in pages for record in page.records)
        for email, times in emails.items():
            if email and times > 1:
                yield f"I1 {account}: {email} is registered {times} times at {external_id}"

    def _deleted_by_wish(self):  # I2
        ended = {(e["platform"], e["token"]) for e in self.hands.done("cancel")}
        ended |= {(e["platform"], e["token"]) for e in self.hands.done("delete there")}
        made = [*self.hands.done("schedule", [OK]), *self.hands.done("add there", [OK])]
        for entry in made:
            key = (entry["platform"], entry["token"])
            refused = entry["verb"] == "schedule" and self._left_to_staff(key)
            if key not in self.there and key not in ended and not refused:
                yield f"I2 {key} is no longer there, and nobody deleted it"
        for entry in self.hands.done("cancel", [OK]):
            key = (entry["platform"], entry["token"])
            if key in self.there and self.rows[key].removed_at:
                yield f"I2 {key} was cancelled and is still there"

    def _left_to_staff(self, key) -> bool:
        row = self.rows.get(key)
        asked = OutboxEntry.objects.filter(kind="conference", state__in=["failed", "unknown"])
        return row is not None and asked.filter(local_id=row.pk).exists()

    def _titles_kept(self):  # I3
        last = defaultdict(dict)
        for verb in ("schedule", "add there", "retitle", "retitle there"):
            side = "theirs" if "there" in verb else "ours"
            for entry in self.hands.done(verb, [OK]):
                newest = last[entry["platform"], entry["token"]].setdefault(side, entry)
                if entry["n"] >= newest["n"]:
                    last[entry["platform"], entry["token"]][side] = entry
        for key, newest in last.items():
            row = self.rows.get(key)
            if key not in self.there:
                continue  # it went as it came, or the other checks tell of it
            if row is None:
                yield f"I3 {key} never came here"
                continue
            if row.removed_at or row.gone_at:
                continue
            if row.title not in self.titles[key[0]]:
                yield f"I3 {key}: {row.title!r} here, and another title there"
            kept = self._kept(row)
            for side, entry in newest.items():
                if entry["value"] not in kept[side] and entry["value"] != row.title:
                    yield f"I3 {key}: {entry} is lost"

    def _kept(self, row):
        """The titles that reached the other side, and those that a conflict keeps."""
        both = set()
        for one in Conflict.objects.filter(kind="conference", local_id=row.pk, field="title"):
            both |= {one.ours, one.theirs}
        kept = {"ours": set(both), "theirs": set(both)}
        for change in Change.objects.filter(kind="conference", local_id=row.pk):
            side = "ours" if change.calls else "theirs" if change.source else ""
            if side and "title" in change.after:
                kept[side].add(change.after["title"])
        return kept

    def _nothing_gone(self):  # I5
        for key, row in self.rows.items():
            if row.gone_at and key in self.there:
                yield f"I5 {row} counts as gone and is there"

    def _one_worker(self):  # I6
        for pk, fences in self.stand.fences.items():
            if fences != sorted(fences):
                yield f"I6 account {pk}: its fence went back"
        for account in self.accounts:
            end = None
            for run in SyncRun.objects.filter(account=account).order_by("started_at"):
                if end and run.started_at < end:
                    yield f"I6 {account}: a run began at {run.started_at}, before {end}"
                end = run.finished_at

    def _of(self, account):
        return [entry for entry in self.requests if entry.platform == account.platform]

    def _pace(self):  # I7
        for account in self.accounts:
            # The highest that ever held: refusals slow an account down, time speeds it up again.
            interval, burst = 60 / pace.ceiling(account), account.capabilities.burst
            even = 0.0
            for entry in self._of(account):
                now = entry.at.timestamp()
                even = max(even, now) + interval
                # Two requests may be late on the way, and catch up.
                if even - now > interval * (burst + 2):
                    yield f"I7 {account}: too many requests at {entry.at}"
                    break

    def _pauses(self):  # I7
        for account in self.accounts:
            entries = self._of(account)
            for before, after in itertools.pairwise(entries):
                pause = (after.at - before.at).total_seconds()
                killed = any(before.at <= k <= before.at + AFTER_A_KILL for k in self.stand.kills)
                if before.status == 429 and pause < RETRY_AFTER - 0.1 and not killed:
                    yield f"I7 {account}: asked {pause:.1f} s after {before.at}, {after.path}"

    def _quiet(self):  # I4
        for account in self.accounts:
            engine.sync_account(account.pk, trigger="soak", full=True)
            before = self._state()
            run = engine.sync_account(account.pk, trigger="soak", full=True)
            if run.steps or run.problem:
                yield f"I4 {account}: {run.problem} {json.dumps(run.steps, default=str)[:600]}"
            if self._state() != before:
                yield f"I4 {account}: a sync without news wrote there"

    def _state(self):
        world = self.stand.sandbox.world
        with world.lock:
            return json.dumps(dump(world)["platforms"], default=str, sort_keys=True)

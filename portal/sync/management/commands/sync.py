"""Sync accounts in the foreground and print the plan and the outcome; for people and scripts."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from portal.common import commands
from portal.common.logs import one_line
from portal.platforms.lease import LeaseLost, LeaseTaken
from portal.platforms.models import PlatformAccount
from portal.sync import engine
from portal.sync.models import SyncRun

COUNTS = ("created", "updated", "removed", "conflicts", "held", "calls")
BAD = (SyncRun.Outcome.FAILED, SyncRun.Outcome.PARTIAL)


class Command(commands.Command):
    """Exit status: 0 all synced, 1 something failed, 2 something is held for a person."""

    help = "Sync one account or all of them now. With --dry-run nothing is changed anywhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--account", metavar="LABEL", help="only this account")
        parser.add_argument("--dry-run", action="store_true", help="show the plan, do nothing")
        parser.add_argument("--json", action="store_true", help="print JSON instead of sentences")
        parser.add_argument(
            "--wait",
            type=float,
            default=30.0,
            metavar="SECONDS",
            help="how long to wait while another worker is at an account (default: 30)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        reports = [self._sync(account, options) for account in _accounts(options["account"])]
        if options["json"]:
            self.stdout.write(json.dumps(reports, indent=2, default=str))
        if any(r["outcome"] in BAD for r in reports):
            raise CommandError("Not everything could be done; see above.", returncode=1)
        if any(r["outcome"] == SyncRun.Outcome.HELD for r in reports):
            raise CommandError("An account is held until somebody has looked.", returncode=2)

    def _sync(self, account: PlatformAccount, options: dict[str, Any]) -> dict[str, Any]:
        try:
            run = _when_free(account, options["dry_run"], options["wait"])
        except (LeaseTaken, LeaseLost):
            report = _report(account, SyncRun(outcome=SyncRun.Outcome.FAILED))
            report["problem"] = "Another worker is at this account; try again in a minute."
        else:
            report = _report(account, run)
        if not options["json"]:
            self._say(report, dry=options["dry_run"])
        return report

    def _say(self, report: dict[str, Any], *, dry: bool) -> None:
        for step in report["plan"]:
            self.stdout.write(f"  {one_line(str(step['sentence']))}")
            for name, (before, after) in step["fields"].items():
                self.stdout.write(f"    {name}: {before!r} -> {after!r}")
        counts = ", ".join(f"{report[name]} {name}" for name in COUNTS)
        words = "would be done" if dry else report["outcome"]
        self.stdout.write(f"{report['account']}: {words}; {counts}.")
        if report["problem"]:
            self.stdout.write(f"  {one_line(report['problem'])}")


def _accounts(label: str | None) -> list[PlatformAccount]:
    if label is None:
        return list(PlatformAccount.objects.filter(paused=False))
    found = list(PlatformAccount.objects.filter(label__iexact=label))
    if not found:
        known = ", ".join(PlatformAccount.objects.values_list("label", flat=True)) or "none"
        raise CommandError(f"There is no account {label!r}. Known accounts: {known}.")
    return found


def _when_free(account: PlatformAccount, dry_run: bool, wait: float) -> SyncRun:
    """Sync as soon as no other worker is at it; raises LeaseTaken after `wait` seconds."""
    end = time.monotonic() + wait
    while True:
        try:
            return engine.sync_account(account.pk, trigger="command", full=True, dry_run=dry_run)
        except LeaseTaken:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def _report(account: PlatformAccount, run: SyncRun) -> dict[str, Any]:
    counts = {name: getattr(run, name) for name in COUNTS}
    return {
        "account": account.label,
        "platform": account.platform,
        "outcome": str(run.outcome),
        **counts,
        "problem": str(run.problem),
        "plan": run.steps,
    }

"""What staff decide about the sync. Each leaves a line of history; refusals are `NotPossible`."""

from portal.sync.services.conflicts import choices, resolve
from portal.sync.services.entries import dismiss, retry
from portal.sync.services.holds import keep, release
from portal.sync.services.recordings import fresh_recording_url
from portal.sync.services.runs import (
    carry_out_dry_run,
    dry_run,
    enqueue_dry_run,
    enqueue_live,
    give_up_dry_runs,
    prune_runs,
    sync_now,
    waiting_dry_runs,
)
from portal.sync.services.watching import ask_for_lists

__all__ = [
    "ask_for_lists",
    "carry_out_dry_run",
    "choices",
    "dismiss",
    "dry_run",
    "enqueue_dry_run",
    "enqueue_live",
    "fresh_recording_url",
    "give_up_dry_runs",
    "keep",
    "prune_runs",
    "release",
    "resolve",
    "retry",
    "sync_now",
    "waiting_dry_runs",
]

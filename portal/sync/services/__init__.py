"""What staff decide about the sync. Each leaves a line of history; refusals are `NotPossible`."""

from portal.sync.services.deciding import choices, resolve
from portal.sync.services.holding import keep, release
from portal.sync.services.ledger import dismiss, retry
from portal.sync.services.recordings import fresh_recording_url
from portal.sync.services.running import DRY_RUN_CALLS, dry_run, sync_now

__all__ = [
    "DRY_RUN_CALLS",
    "choices",
    "dismiss",
    "dry_run",
    "fresh_recording_url",
    "keep",
    "release",
    "resolve",
    "retry",
    "sync_now",
]

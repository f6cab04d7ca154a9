"""Work off the outbox of one account, and write down what came of it."""

import time
from typing import Any

from integrations.base.errors import (
    CredentialsRejected,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RecordNotFound,
    RequestRejected,
    UnsupportedByPlatform,
)
from portal.conferences.mails import services as mails
from portal.outbox import services as outbox
from portal.outbox.models import KEPT_BACK, PUSH, OutboxEntry
from portal.sync.post import HELD_SECONDS, NotYet, Post, Unclear
from portal.sync.work import Work

# Trouble of the whole account: the other entries need not be tried now.
ACCOUNT_TROUBLE = (PlatformUnavailable, RateLimited, CredentialsRejected)
# How long one round goes on, in seconds: a listing waits no longer than the first for what is to be
# sent; after the second a worker turns to other accounts, and comes back at once.
BETWEEN_LISTINGS, AT_ONCE = 20.0, 240.0


def push_due(work: Work, seconds: float | None = None) -> None:
    """Work off what is due, the most urgent first, for `AT_ONCE` seconds if nothing else is said.
    What comes in meanwhile takes its place. A round ends when something that it has put back is due
    once more: the listing that it waits for comes first."""
    most = AT_ONCE if seconds is None else seconds
    if work.held:
        with work.lease.commit():
            why = "The account is held until somebody has looked."
            outbox.put_off(work.account.pk, why, HELD_SECONDS)
        return
    post, begun, delivered = Post(work), time.monotonic(), False
    put_back: set[int] = set()
    while time.monotonic() - begun < most and (entry := outbox.claim_next(work.lease)):
        if entry.pk in put_back:
            outbox.later(entry, entry.problem, 0.0)
            break
        work.delivered = delivered = True
        try:
            _settle(work, post, entry)
        except ACCOUNT_TROUBLE as error:
            with work.lease.commit():
                outbox.put_off(work.account.pk, error.message, _pause(error))
            raise
        if entry.state == OutboxEntry.State.WAITING:
            put_back.add(entry.pk)
    if delivered:
        mails.notify_worker()


def _kept_back(work: Work, entry: OutboxEntry) -> dict[str, Any]:
    """Our values that were not sent, since something over there keeps undoing them."""
    kept = work.kept_back.pop((entry.kind, entry.local_id), None)
    return {KEPT_BACK: kept} if kept else {}


def _pause(error: PlatformError) -> float:
    if isinstance(error, RateLimited):
        return error.retry_after if error.retry_after is not None else 60.0
    return 30.0


def _settle(work: Work, post: Post, entry: OutboxEntry) -> None:
    """Deliver one entry and write down what came of it, while the lease is ours."""
    try:
        result = post.carry_out(entry)
    except ACCOUNT_TROUBLE:
        raise
    except (NotYet, Unclear, PlatformError) as error:
        if isinstance(error, PlatformError) and not isinstance(error, RecordNotFound):
            work.trouble(error.message)
        with work.lease.commit():
            _not_done(post, entry, error)
    else:
        with work.lease.commit():
            outbox.done(entry, result | _kept_back(work, entry))
            outbox.close_older(work.account.pk, entry.kind, [entry.local_id])


def _not_done(post: Post, entry: OutboxEntry, error: NotYet | Unclear | PlatformError) -> None:
    """What becomes of an entry that was not carried out, or perhaps was."""
    if isinstance(error, NotYet):
        outbox.later(entry, error.text, error.seconds)
    elif isinstance(error, Unclear):
        outbox.unknown(entry, error.text)
    elif isinstance(error, RequestRejected | UnsupportedByPlatform):
        outbox.failed(entry, error.message, getattr(error, "field_errors", None))
    elif isinstance(error, RecordNotFound):
        outbox.later(entry, f"{error.message} The next listing decides what that means.")
    elif entry.verb == PUSH or post.repeatable(entry):
        outbox.later(entry, error.message)
    else:
        outbox.unknown(entry, f"{error.message} Whether it was done is not known.")

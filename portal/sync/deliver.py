"""Work off the outbox of one account, parents before children, and write down what came of it."""

from typing import Any

from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
    UnsupportedByPlatform,
)
from integrations.base.records import Kind
from portal.conferences.services import mails
from portal.outbox import services as outbox
from portal.outbox.models import PUSH, OutboxEntry
from portal.outbox.queries import KEPT_BACK
from portal.sync.post import HELD_SECONDS, NotYet, Post, Unclear
from portal.sync.work import Work

ORDER = {str(kind): place for place, kind in enumerate(Kind)}
# What was accepted, or refused, decides about messages that wait for it.
WAITED_FOR = frozenset({Kind.CONFERENCE, Kind.MODERATOR, Kind.REGISTRATION})
# Trouble of the whole account: the other entries need not be tried now.
ACCOUNT_TROUBLE = (PlatformUnavailable, RateLimited, CredentialsRejected)


def push_due(work: Work) -> None:
    """Work off what is due, parents before children."""
    entries = sorted(outbox.due(work.account.pk), key=lambda e: (ORDER.get(e.kind, 99), e.pk))
    if work.held:
        outbox.put_back(entries, "The account is held until somebody has looked.", HELD_SECONDS)
        return
    post = Post(work)
    for entry in entries:
        try:
            _settle(work, post, entry)
        except ACCOUNT_TROUBLE as error:
            outbox.put_back(entries, error.message, _pause(error))
            raise
    if any(entry.kind in WAITED_FOR for entry in entries):
        mails.ring()


def _kept_back(work: Work, entry: OutboxEntry) -> dict[str, Any]:
    """Our values that were not sent, since something over there keeps undoing them."""
    kept = work.kept_back.pop((entry.kind, entry.local_id), None)
    return {KEPT_BACK: kept} if kept else {}


def _pause(error: PlatformError) -> float:
    if isinstance(error, RateLimited):
        return error.retry_after if error.retry_after is not None else 60.0
    return 30.0


def _settle(work: Work, post: Post, entry: OutboxEntry) -> None:
    """Deliver one entry and write down what came of it."""
    try:
        result = post.carry_out(entry)
    except NotYet as wait:
        outbox.later(entry, wait.text, wait.seconds)
    except Unclear as doubt:
        outbox.unknown(entry, doubt.text)
    except (OutcomeUnknown, UnexpectedAnswer) as error:
        work.trouble(error.message)
        if entry.verb == PUSH or post.repeatable(entry):
            outbox.later(entry, error.message)
        else:
            outbox.unknown(entry, f"{error.message} Whether it was done is not known.")
    except (RequestRejected, UnsupportedByPlatform) as error:
        work.trouble(error.message)
        outbox.failed(entry, error.message, getattr(error, "field_errors", None))
    except RecordNotFound as error:
        outbox.later(entry, f"{error.message} The next listing decides what that means.")
    except ACCOUNT_TROUBLE as error:
        outbox.later(entry, error.message, _pause(error))
        raise
    else:
        with work.lease.commit():
            outbox.done(entry, result | _kept_back(work, entry))
            outbox.close_older(work.account.pk, entry.kind, [entry.local_id])

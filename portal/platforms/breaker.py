"""After repeated failures an account is left alone for a growing pause; then one probe is made.

A notice is written when the state changes, not at each failure.
"""

import logging
import random
from datetime import timedelta

from django.db import transaction

from portal.common import clock
from portal.common.texts import Text, own_words
from portal.platforms.models import AccountRuntime, PlatformAccount

logger = logging.getLogger(__name__)
FAILURES = 3
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 1800.0  # seconds


def is_open(account: PlatformAccount) -> bool:
    """Whether the account is being left alone now."""
    until = account.runtime.open_until
    return until is not None and until > clock.now()


def troubled(account: PlatformAccount) -> bool:
    """Whether a success has something to close."""
    now = account.runtime
    return bool(now.fail_count or now.open_until or now.problem)


def failed(account: PlatformAccount, problem: Text | str) -> None:
    """Count a passing failure (unreachable, 5xx, nonsense) and open the breaker at the third."""
    now = account.runtime
    now.fail_count += 1
    now.problem = own_words(problem)
    if now.fail_count >= FAILURES:
        doubled = FIRST_PAUSE * 2.0 ** min(now.fail_count - FAILURES, 10)
        pause = min(doubled, LONGEST_PAUSE) * random.uniform(0.9, 1.1)  # noqa: S311 - a jitter
        now.open_until = clock.now() + timedelta(seconds=pause)
        if now.fail_count == FAILURES:
            logger.warning("account %s is left alone for a while: %s", account.pk, problem)
    _save(now)


def partly(account: PlatformAccount, problem: Text | str) -> None:
    """It answers, but what pages say of it cannot be read: it is asked on, and its trouble told."""
    now = account.runtime
    now.fail_count, now.open_until, now.problem = 0, None, own_words(problem)
    _save(now)


def worked(account: PlatformAccount) -> None:
    """Close the breaker; writes only when there is something to change."""
    if troubled(account):
        close(account)


def close(account: PlatformAccount) -> None:
    """Forget the failures: it works, or is to be reached in another way from now on."""
    now = account.runtime
    now.fail_count, now.open_until, now.problem = 0, None, ""
    _save(now)


def rejected(account: PlatformAccount, problem: Text | str) -> None:
    """The credentials are refused: pause the account until an administrator gives new ones.

    Where these were given while the request was under way, the answer is about the old ones.
    """
    with transaction.atomic():
        stored = PlatformAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
        if (stored.credentials, stored.base_url) != (account.credentials, account.base_url):
            return
        if account.state != PlatformAccount.State.REJECTED:
            logger.warning("account %s: its credentials are refused", account.pk)
        stored.state = account.state = PlatformAccount.State.REJECTED
        stored.save()
        account.runtime.problem = own_words(problem)
        account.runtime.save(update_fields=["problem"])


def _save(now: AccountRuntime) -> None:
    now.save(update_fields=["fail_count", "open_until", "problem"])

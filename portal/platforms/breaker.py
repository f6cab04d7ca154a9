"""After repeated failures an account is left alone for a growing pause; then one probe is made.

A notice is written when the state changes, not at each failure.
"""

import logging
import random
from datetime import timedelta

from portal.common import clock
from portal.platforms.models import PlatformAccount

logger = logging.getLogger(__name__)
FAILURES = 3
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 1800.0  # seconds


def is_open(account: PlatformAccount) -> bool:
    """Whether the account is being left alone now."""
    return account.open_until is not None and account.open_until > clock.now()


def troubled(account: PlatformAccount) -> bool:
    """Whether a success has something to close."""
    return bool(account.fail_count or account.open_until or account.problem)


def failed(account: PlatformAccount, problem: str) -> None:
    """Count a passing failure (unreachable, 5xx, nonsense) and open the breaker at the third."""
    account.fail_count += 1
    account.problem = problem[:500]
    if account.fail_count >= FAILURES:
        doubled = FIRST_PAUSE * 2.0 ** min(account.fail_count - FAILURES, 10)
        pause = min(doubled, LONGEST_PAUSE) * random.uniform(0.9, 1.1)  # noqa: S311 - a jitter
        account.open_until = clock.now() + timedelta(seconds=pause)
        if account.fail_count == FAILURES:
            logger.warning("account %s is left alone for a while: %s", account.pk, problem)
    _save(account)


def worked(account: PlatformAccount) -> None:
    """Close the breaker; writes only when there is something to change."""
    if troubled(account):
        account.fail_count, account.open_until, account.problem = 0, None, ""
        _save(account)


def rejected(account: PlatformAccount, problem: str) -> None:
    """The credentials are refused: pause the account until an administrator gives new ones.

    Where these were given while the request was under way, the answer is about the old ones.
    """
    now = PlatformAccount.objects.only("credentials", "base_url").get(pk=account.pk)
    if (now.credentials, now.base_url) != (account.credentials, account.base_url):
        return
    if account.state != PlatformAccount.State.REJECTED:
        logger.warning("account %s: its credentials are refused", account.pk)
    account.state, account.problem = PlatformAccount.State.REJECTED, problem[:500]
    account.save(update_fields=["state", "problem"])


def _save(account: PlatformAccount) -> None:
    account.save(update_fields=["fail_count", "open_until", "problem"])

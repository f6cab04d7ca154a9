"""How much is played: `ci`, a small part that is the same at every run; `nightly`, all there is.

HYPOTHESIS_PROFILE=nightly looks for new examples, many of them, plays the matrices of faults and
crashes at each call and each step, not at some of them, gives each form each nasty input, and each
platform each variant (`make nightly`).
"""

import itertools
import os
from collections.abc import Callable, Iterable
from typing import TypeVar

from hypothesis import HealthCheck, settings

T = TypeVar("T")
U = TypeVar("U")
NAME = os.environ.get("HYPOTHESIS_PROFILE", "ci")
NIGHTLY = NAME == "nightly"
# Once more on PostgreSQL: what a database answers is asked there, not every platform and text.
AGAIN = not NIGHTLY and os.environ.get("DATABASE_URL", "").startswith("postgres")
# Faults go over the calls in such strides; each of the ten begins two further on, so that together
# they meet every other call of a scenario. Crashes and edits go over the steps.
CALLS = 1 if NIGHTLY else 20
STEPS = 1 if NIGHTLY else 10


def of(ci: int, nightly: int) -> int:
    """How many examples a test plays that says so itself."""
    return nightly if NIGHTLY else ci


def spread(rows: Iterable[T], first: int = 0, every: int = 6) -> list[T]:
    """In `ci` every sixth row, from `first` on: tests of the same rows begin at different ones, so
    that together they meet them all. In `nightly` each test meets every row."""
    found = list(rows)
    return found if NIGHTLY else found[first % every :: every]


def platforms(*slugs: str) -> list[str]:
    """The platforms that a test plays: in `ci` the first on PostgreSQL and the others on SQLite,
    so that the two runs together play each once; nightly all of them. For tests that
    `tests/databases.py` names."""
    if NIGHTLY:
        return list(slugs)
    return list(slugs[:1] if AGAIN else slugs[1:])


def in_turn(slugs: Iterable[T]) -> Callable[[], list[T]]:
    """For tests that play a few platforms: in `ci` each asks for the next one, so that a file's
    tests together meet them all; nightly each gets all of them."""
    given = list(slugs)
    turns = itertools.cycle(given)
    return lambda: given if NIGHTLY else [next(turns)]


def pairs(first: Iterable[T], second: Iterable[U]) -> list[tuple[T, U]]:
    """In `ci` each of the one and each of the other, turn by turn; in `nightly` each with each."""
    ones, others = list(first), list(second)
    if NIGHTLY:
        return list(itertools.product(ones, others))
    number = max(len(ones), len(others))
    return [(ones[n % len(ones)], others[n % len(others)]) for n in range(number)]


def load() -> None:
    """The same examples at every run of `ci`: what fails, fails for everybody, by the change at
    hand."""
    slow = [HealthCheck.too_slow]
    settings.register_profile(
        "ci", max_examples=50, derandomize=True, deadline=None, suppress_health_check=slow
    )
    settings.register_profile(
        "nightly", max_examples=1000, deadline=None, suppress_health_check=slow
    )
    settings.load_profile(NAME)

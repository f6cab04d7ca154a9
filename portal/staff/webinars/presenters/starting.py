"""What a schedule form begins with: what somebody had typed before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Begun:
    """A form that somebody had begun: when it was kept, and what stood in it."""

    kept_at: datetime
    fields: QueryDict


def as_typed(pairs: Iterable[tuple[str, str]]) -> QueryDict:
    """Pairs as if they had been typed and not sent."""
    found = QueryDict(mutable=True)
    for name, text in pairs:
        found.appendlist(name, text)
    found["refresh"] = "all"
    return found

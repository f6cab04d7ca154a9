"""Who would hear of an answer: what the send card and the mails are asked with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.conferences.mails.services import Act, Telling
from portal.conferences.models import Conference, Moderator, Registration

# Nobody was asked whether people hear of it: they do not, and what is open stays open.
NOT_ASKED = Telling(tell=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """An act on a conference as `mails.must_hear` knows it. `waits` is false where the platform
    has nothing to take any more."""

    conference: Conference
    act: Act
    changes: dict[str, tuple[Any, Any]] | None = None
    registrations: Sequence[Registration] | None = None
    moderators: Sequence[Moderator] | None = None
    recalled: bool = False
    waits: bool = True

    @property
    def concerned(self) -> dict[str, Any]:
        """The arguments beside the conference and the act."""
        given = {
            "changes": self.changes,
            "registrations": self.registrations,
            "moderators": self.moderators,
            "recalled": self.recalled or None,
        }
        return {name: value for name, value in given.items() if value is not None}

"""Import people from a file or pasted text: read, show what would happen, then do it."""

from portal.conferences.people.services.imports.applying import (
    Known,
    Result,
    apply,
    apply_part,
    emails_of,
    group_of,
    usable,
)
from portal.conferences.people.services.imports.drafts import (
    KEPT_SECONDS,
    Draft,
    forget,
    keep_people,
    load,
)
from portal.conferences.people.services.imports.judging import Judged, Verdict, judge
from portal.conferences.people.services.imports.preparing import prepare, reread

__all__ = [
    "KEPT_SECONDS",
    "Draft",
    "Judged",
    "Known",
    "Result",
    "Verdict",
    "apply",
    "apply_part",
    "emails_of",
    "forget",
    "group_of",
    "judge",
    "keep_people",
    "load",
    "prepare",
    "reread",
    "usable",
]

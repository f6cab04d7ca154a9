"""Read a list and keep it for the preview."""

from typing import Any

from portal.common import roles
from portal.common.errors import NotPossible
from portal.conferences.models import AttendeeGroup
from portal.conferences.services.imports import columns, drafts, reading


def prepare(
    *, by: Any, content: bytes = b"", text: str = "", name: str = "",
    group: AttendeeGroup | None = None, new_group: str = "",
) -> str:  # fmt: skip
    """Read a file's content, or text; answers the token of its preview. Nothing is saved yet.

    Raises NotPossible where nothing can be read, NotAllowed.
    """
    roles.require(by)
    if len(text.encode(errors="replace")) > reading.LARGEST_FILE:
        raise NotPossible("The text is larger than 10 MB. Divide it and import the parts.")
    sheet = reading.read(content) if content else reading.read_text(text)
    candidates = columns.candidates(sheet)
    if len(candidates) > reading.MOST_ROWS:
        raise NotPossible(f"That is more than {reading.MOST_ROWS} people. Import it in parts.")
    draft = drafts.Draft(
        user_id=by.pk, name=name or "Pasted list", how=sheet.how, candidates=candidates,
        remarks=sheet.remarks, group_id=group.pk if group else None, new_group=new_group,
    )  # fmt: skip
    return drafts.save(draft)

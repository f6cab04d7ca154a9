"""Between the reading of our side and the writing of news, a person may have edited it."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from integrations.base.records import Fields
from portal.sync.kinds import KINDS
from portal.sync.models import PlatformLink
from portal.sync.steps import Step


def overtaken(step: Step) -> bool:
    """Whether a person has changed our side since it was read. The row is read anew, and locked,
    so that what is saved with it is not older than what stands there."""
    row, link = step.row, step.link
    if row is not None:
        known = _ours(step)
        try:
            row.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update())
        except ObjectDoesNotExist:
            return True
        if _ours(step) != known:
            return True
    if link is None:
        return False
    agreed = PlatformLink.objects.filter(pk=link.pk).values_list("base_ours", "base_theirs")
    return agreed.first() != (link.base_ours, link.base_theirs)


def _ours(step: Step) -> tuple[Fields, Any]:
    return KINDS[step.kind].mirror.read(step.row), getattr(step.row, "removed_at", None)

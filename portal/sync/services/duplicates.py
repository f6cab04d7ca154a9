"""A record that stands twice on a platform: the second one may become a row of its own."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from integrations.base.records import Kind, Record
from portal.common.errors import NotPossible
from portal.conferences.mails.services import Telling
from portal.sync.kinds import KINDS
from portal.sync.models import Conflict, PlatformLink
from portal.sync.services.platform_call import asking


def prepare(conflict: Conflict) -> Callable[[Conflict, Any, Telling], None]:
    """Read the duplicate as it is now, and answer what adds it. Raises NotPossible."""
    return partial(_adopt, _read(conflict))


def _read(conflict: Conflict) -> Record:
    account, link = conflict.account, conflict.link
    if link.kind != Kind.CONFERENCE:
        raise NotPossible(_("Only a webinar can be added as one of its own. Leave the duplicate."))
    with asking(account, _("%(platform)s no longer has the duplicate.")) as adapter:
        return adapter.get(Kind.CONFERENCE, link.external_id or "")


def _adopt(record: Record, conflict: Conflict, by: User | None, telling: Telling) -> None:
    """Make a row of the record and bind it to the link that kept it apart."""
    mirror, link = KINDS[Kind.CONFERENCE].mirror, conflict.link
    row: Any = mirror.make(conflict.account, None, record)
    ours = mirror.read(row)
    link.local_id, link.state, link.misses = row.pk, PlatformLink.State.LIVE, 0
    link.base_ours = ours
    link.base_theirs = {name: value for name, value in record.fields.items() if name in ours}
    link.facts, link.volatile = dict(record.facts), dict(record.volatile)
    link.save()

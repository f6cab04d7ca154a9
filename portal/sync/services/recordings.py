"""Where a recording can be fetched just now."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from integrations.base.adapter import Adapter
from integrations.base.errors import RecordNotFound
from integrations.base.records import Kind, Record
from integrations.base.texts import say
from portal.common.errors import NotPossible
from portal.conferences.audience.services import join_links
from portal.conferences.models import Recording
from portal.identity import access
from portal.identity.access import ProtectedItem
from portal.sync.models import PlatformLink
from portal.sync.services.platform_call import asking


def fresh_recording_url(recording: Recording, by: User | None) -> str:
    """Ask the platform for the recording's address, which changes at each reading.

    The answer is to be redirected to, never kept or shown. Raises NotPossible with a sentence,
    NotAllowed.
    """
    access.require(by, ProtectedItem.RECORDING)
    account = recording.conference.account
    named = {"platform": account.platform_name}
    link = (
        PlatformLink.objects.filter(account=account, kind=Kind.RECORDING, local_id=recording.pk)
        .select_related("parent")
        .first()
    )
    if link is None or not link.external_id:
        raise NotPossible(_("%(platform)s has not shown this recording yet.") % named)
    with asking(account, _("%(platform)s no longer has this recording.")) as adapter:
        record = _read(adapter, link)
    url = str(record.volatile.get("recording_url") or "")
    if not url.startswith(("https://", "http://")):
        raise NotPossible(_("%(platform)s gave no address for this recording.") % named)
    join_links.recording(recording, by)
    return url


def _read(adapter: Adapter, link: PlatformLink) -> Record:
    """The record, by a get where there is one, else out of its listing."""
    parent_id = link.parent.external_id if link.parent else None
    if adapter.capabilities.kind(Kind.RECORDING).get.offered:
        return adapter.get(Kind.RECORDING, link.external_id or "", parent_id)
    for page in adapter.list_all(Kind.RECORDING, parent_id):
        for record in page.records:
            if record.external_id == link.external_id:
                return record
    raise RecordNotFound(say("It is not in the list any more."))

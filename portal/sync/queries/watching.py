"""How old what is shown of a webinar's lists is, and whether they are being read now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.models import Conference
from portal.platforms import breaker, budget
from portal.sync import readings
from portal.sync.models import PlatformLink, Watched

# What was read so lately is not read again because somebody looks at it.
FRESH = timedelta(minutes=1)
# After this, what was asked for is not called under way any more.
PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Watching:
    """The lists of one webinar. `read_at`: each has been read since then (None: not yet);
    `tried_at`: somebody tried; `news`: whether the last reading beside the syncs found something;
    `under_way`: somebody has asked for them; `reachable`: its account may be asked now."""

    link: PlatformLink
    read_at: datetime | None
    tried_at: datetime | None
    news: bool
    under_way: bool
    reachable: bool

    @property
    def stale(self) -> bool:
        """Whether they are to be read now for whoever looks at them."""
        last = max((at for at in (self.read_at, self.tried_at) if at), default=None)
        lately = last is not None and last > clock.now() - FRESH
        return self.reachable and not (lately or self.under_way)


def watching(conference: Conference) -> Watching | None:
    """None where a webinar has no lists that could be read."""
    account = conference.account
    if conference.removed_at or conference.gone_at or not readings.lists(account.capabilities):
        return None
    links = PlatformLink.objects.filter(
        account=account, kind=Kind.CONFERENCE, local_id=conference.pk, state=PlatformLink.State.LIVE
    )
    links = links.filter(unlisted=False).exclude(external_id=None).select_related("watched")
    link = links.first()
    if link is None:
        return None
    found: Watched = getattr(link, "watched", None) or Watched()
    wanted = found.wanted_at is not None and found.wanted_at > clock.now() - PATIENCE
    quiet = breaker.is_open(account) or budget.blocked(account)
    reachable = account.active and not quiet
    read_at = _read_at(conference, found.read_at)
    under_way = wanted and reachable
    return Watching(link, read_at, found.tried_at, found.news, under_way, reachable)


def _read_at(conference: Conference, beside: datetime | None) -> datetime | None:
    """When they were read last, beside the syncs or in turn."""
    tier = readings.tier_of(conference.starts_at, conference.over_at, clock.now())
    in_turn = readings.rounds_of(conference.account.runtime).oldest(Kind.CONFERENCE, tier)
    return max((at for at in (beside, in_turn) if at), default=None)

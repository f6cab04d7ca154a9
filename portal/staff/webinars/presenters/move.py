"""The page that gives a webinar another time: what was typed, what clashes then, and who hears."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from integrations.base.records import Kind
from portal.common.errors import Stale
from portal.conferences import rules
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act, Telling
from portal.conferences.models import Conference
from portal.conferences.schedule.forms import move
from portal.conferences.schedule.forms.conference import PERMANENT
from portal.conferences.schedule.forms.moment import clock_of, day_of
from portal.conferences.schedule.services import clashes, series
from portal.conferences.schedule.services.clashes import Clashes
from portal.conferences.schedule.services.platform_changes import since
from portal.conferences.schedule.services.series import Extent, Reach
from portal.staff.presenters.send_card import SendCard, card_of_several, send_card
from portal.staff.webinars.presenters import extents
from portal.staff.webinars.presenters import pages as present
from portal.staff.webinars.presenters.clashes import UNANSWERED, ClashWarning, on_dates

# What is found once, and anew where somebody saved it meanwhile.
_KEPT = ("card", "warning", "reached", "reached_clashes", "extents", "others_ahead", "speakers")
_FOLLOWED = ("timezone", "date", "time", "fold")


class MovePage:
    """Opened with a day and a time in its address (a block that was dropped), it shows at once what
    that would do. `sent` is true where it is to be done."""

    def __init__(self, request: HttpRequest, conference: Conference) -> None:
        post = request.POST if request.method == "POST" else None
        day, clock = day_of(request.GET.get("date", "")), clock_of(request.GET.get("time", ""))
        asked = move.at(conference, day, clock) if day else None
        self.conference, self.post = conference, post
        self.sent = (
            post is not None
            and bool({"do", "tell"} & post.keys())
            and not ({"preview", "refresh"} & post.keys())
        )
        self.extent = extents.read_extent(conference, post or request.GET)
        self.form = move.TimeForm(post if post is not None else asked, conference)
        for name in _FOLLOWED:
            self.form.fields[name].widget.attrs |= {
                "hx-post": request.path,
                "hx-trigger": "change, refresh",
                "hx-target": "#outcome",
                "hx-vals": '{"refresh": "yes"}',
                "data-refresh": "",
            }

        readable = self.form.is_bound and self.form.is_valid()
        # Whether there is another time to speak of, or the one that is held.
        self.ready = readable and bool(self.form.changed)
        self.same = readable and not self.ready

    def may_save(self) -> bool:
        """Whether it was sent, nothing is wrong with it, and whoever sent it has answered."""
        if not self.sent or not self.ready:
            return False
        if self.warning.open:
            self.form.add_error(None, UNANSWERED)
            return False
        return self.card is None or (self.card.form.is_valid() and not self.card.open)

    @cached_property
    def warning(self) -> ClashWarning:
        """What else takes place at the new time."""
        held, moment = self.conference, self.form.moment
        found = Clashes()
        if moment is not None:
            minutes = held.duration_minutes
            leave = extents.moving(held, self.reached)
            found = clashes.find(
                clashes.Planned(
                    held.account, moment.instant, minutes, held, self.speakers, moving=leave
                )
            )
        zone = moment.zone if moment else ""
        return ClashWarning(found, held.account.label, not held.draft, self.post or {}, zone)

    @cached_property
    def card(self) -> SendCard | None:
        """Who hears of it; nobody hears of a draft."""
        if self.conference.draft or not self.ready:
            return None
        form = TellingForm(self.post)
        if self.reached:
            changed = self.form.changed
            parts = extents.parts_of_changes(self.conference, changed, self.reached)
            return card_of_several(parts, form)
        changes = since(self.conference, self.form.changed)
        return send_card(self.conference, Act.RESCHEDULE, form, changes=changes)

    @cached_property
    def others_ahead(self) -> list[Conference]:
        """The other dates of its series that lie ahead."""
        return series.others(self.conference, Extent.AHEAD)

    @cached_property
    def speakers(self) -> list[str]:
        """Who runs it, as far as they count for clashes."""
        return clashes.speakers_of(self.conference)

    @cached_property
    def extents(self) -> list[extents.Choice]:
        """How far it may reach, where it is a date of a series."""
        return extents.choices(self.conference, self.extent, others_ahead=self.others_ahead)

    @cached_property
    def reached(self) -> list[Reach]:
        """What it does to other dates of the series."""
        if not self.ready or self.extent is Extent.ONE:
            return []
        rows = series.within(self.conference, self.extent, self.others_ahead)
        return series.spread(self.conference, self.form.values, rows)

    @cached_property
    def reached_clashes(self) -> dict[str, Any]:
        """What else takes place at their new times."""
        held = self.conference
        found = extents.clashes_of(held, self.reached, held.duration_minutes, self.speakers)
        return on_dates(found, held.account.label)

    @property
    def review(self) -> list[str]:
        """The same in sentences."""
        return extents.review(self.reached) if self.reached else []

    @property
    def number(self) -> int:
        """How many webinars are moved."""
        return 1 + sum(bool(one.values) for one in self.reached)

    @property
    def telling(self) -> Telling:
        return self.card.telling if self.card else Telling(False)

    @property
    def outcome(self) -> str:
        return self.card.outcome if self.card else _("Nobody has to be notified.")

    @property
    def times(self) -> list[dict[str, Any]]:
        """The new time elsewhere."""
        moment = self.form.moment
        if moment is None:
            return []
        minutes = self.conference.duration_minutes or 0
        return list(present.times_in(moment.instant, minutes, moment.zone))

    @property
    def twice(self) -> bool:
        """Whether it has to be asked which of two times is meant."""
        return bool(self.form.moment and self.form.moment.twice) or bool(self.form["fold"].errors)

    def overtaken(self, stale: Stale) -> None:
        """Somebody saved it meanwhile: keep what was typed, show what is held now, and let the
        next press go through."""
        held = Conference.objects.select_related("account").get(pk=self.conference.pk)
        data: Any = self.form.data
        self.form.data = data.dict() | {"version": str(held.version)}
        self.form.add_error(None, stale.sentence)
        self.conference = self.form.conference = held
        self.ready = bool(self.form.changed)
        for name in _KEPT:
            self.__dict__.pop(name, None)


def reason_against_moving(conference: Conference) -> str:
    """Why a conference cannot be given another time; empty where it can."""
    if reason := rules.reason_frozen(conference):
        return reason
    if conference.permanent:
        return str(PERMANENT)
    account, draft = conference.account, conference.draft
    verb = "create" if draft else "update"
    return rules.reason_against(account, Kind.CONFERENCE, verb) or rules.reason_off(
        account, "starts_at", on_update=not draft
    )

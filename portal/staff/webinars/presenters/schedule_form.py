"""The schedule page as one thing: form, moderators, what the time means elsewhere, the review."""

from functools import cached_property
from typing import Any
from uuid import uuid4

from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import CONFERENCE_FIELDS, Kind
from portal.conferences import rules, walltime
from portal.conferences.audience.forms.moderator import ModeratorRows
from portal.conferences.audience.services.moderators import role_choices
from portal.conferences.fields import NOTIFIED_FIELDS, differing, put
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act, Part
from portal.conferences.mails.services.news import with_values
from portal.conferences.models import Conference, Moderator, Reminder
from portal.conferences.recurrence import Occurrence
from portal.conferences.schedule import queries
from portal.conferences.schedule.forms.conference import ConferenceForm
from portal.conferences.schedule.forms.moment import Moment, MomentFields, clock_of, day_of
from portal.conferences.schedule.forms.recurrence import RecurrenceForm
from portal.conferences.schedule.forms.reminders import CarriedReminders
from portal.conferences.schedule.services import clashes, series
from portal.conferences.schedule.services import schedule as scheduling
from portal.conferences.schedule.services.clashes import Clashes
from portal.conferences.schedule.services.platform_changes import since
from portal.conferences.schedule.services.series import Extent, Reach
from portal.platforms.models import PlatformAccount
from portal.staff.presenters import known_people
from portal.staff.presenters.send_card import SendCard, card_of_several, send_card
from portal.staff.webinars.presenters import extents, platform_settings, schedule_review
from portal.staff.webinars.presenters import pages as present
from portal.staff.webinars.presenters import recurrence as in_words
from portal.staff.webinars.presenters import reminders as in_few_words
from portal.staff.webinars.presenters.clashes import UNANSWERED, ClashWarning, on_dates
from portal.staff.webinars.presenters.starting import Begun, Filled

# The index at the side: anchor -> what stands in it; the options of a platform stand with access.
SECTIONS = {
    "basics": gettext_lazy("Basics"),
    "time": gettext_lazy("Time"),
    "people": gettext_lazy("People"),
    "access": gettext_lazy("Access and options"),
    "review": gettext_lazy("Review"),
}
_BASICS = ("account", "title", "description", "room_type", "permanent")
# What the form asks for beside the fields of a conference.
_BESIDE = {"basics": {"account"}, "time": {"date", "time", "fold"}}

NO_DRAFTS = gettext_lazy(
    "A series is scheduled at once, and not kept as a draft. Schedule it, or keep one date as a "
    "draft: choose that it takes place once."
)
NO_DATES = gettext_lazy(
    "A permanent room has no dates to repeat by itself. For one room on several dates, take the "
    "tick off and choose one permanent room for all dates here."
)


def _fields_of(section: str) -> set[str]:
    asked = {field.name for field in CONFERENCE_FIELDS if field.section == section}
    return asked | _BESIDE.get(section, set())


def _refreshing(target: str, refresh: str) -> dict[str, str]:
    """What has a part of the page follow a field at once, where there is script."""
    return {
        "hx-post": "",
        "hx-trigger": "change, refresh",
        "hx-target": target,
        "hx-swap": "outerHTML",
        "hx-vals": f'{{"refresh": "{refresh}"}}',
        "data-refresh": "",
    }


class SchedulePage:
    """`sent` is true where the form is to be saved; else it is only shown, as it was typed.

    `filled` is what the form begins with where nothing was sent: what somebody had typed before.
    `overtaken` says that it was to be saved, but showed another account than the one it names: its
    fields and its button spoke of that one, so it is shown anew first.
    """

    def __init__(
        self,
        request: HttpRequest,
        account: PlatformAccount,
        conference: Conference | None = None,
        filled: QueryDict | None = None,
    ) -> None:
        self.posted = request.POST if request.method == "POST" else None
        post = filled if filled is not None else self.posted
        asked = (post or {}).keys()
        self.account, self.conference = account, conference
        self.begun: Begun | None = None
        self.start: Filled | None = None
        # "preview" asks how the mail reads; the page that asks who hears sends it all the same.
        looks = "preview" in asked and "asked" not in asked
        to_save = self.posted is not None and not looks and not asked & {"refresh", "more"}
        shown = post.get("shown", str(account.pk)) if post else str(account.pk)
        self.overtaken = to_save and shown != str(account.pk)
        self.sent = to_save and not self.overtaken
        self.draft = "draft" in asked or bool(
            conference and conference.draft and "publish" not in asked
        )
        self.typed = post
        self.form = self._form(post if self.sent else None, self.draft, typed=post)
        self.form.initial.setdefault("uid", uuid4())
        if self.posted is None and filled and "version" in filled:
            # What was saved since must not be overwritten unseen.
            self.form.initial["version"] = filled["version"]
        if post is None and conference is None and (day := day_of(request.GET.get("date", ""))):
            self.form.initial["date"] = day
            if clock := clock_of(request.GET.get("time", "")):
                self.form.initial["time"] = clock
        self.rows = ModeratorRows(
            role_choices(account), post, checked=self.sent, more="more" in asked
        )
        known_people.offer(self.rows.forms)
        # What exists is edited by itself: whether it repeats is asked when it is scheduled.
        self.extent = extents.read_extent(conference, post or request.GET)
        self.repeats = None
        if conference is None:
            self.repeats = RecurrenceForm(post if self.sent else None, account=account, typed=post)
        # What a new webinar takes over; one that exists has its reminders on a page of their own.
        self.carried = CarriedReminders(post or {}) if conference is None else None
        self._follow_changes()

    def _form(self, data: Any, draft: bool, typed: Any = None) -> ConferenceForm:
        return ConferenceForm(
            data,
            account=self.account,
            accounts=queries.accounts(),
            conference=self.conference,
            draft=draft,
            typed=None if data is not None else typed,
        )

    def _follow_changes(self) -> None:
        """With script the form follows its account, and the clock below it its time, at once."""
        for name in ("account", "permanent"):
            self.form.fields[name].widget.attrs |= _refreshing("#schedule-form", "all")
        fields = [self.form.fields[name] for name in ("title", *MomentFields.base_fields)]
        for field in fields:
            field.widget.attrs |= _refreshing("#clock", "clock")

    def is_valid(self) -> bool:
        """All parts are asked, so that everything that is wrong is said at once. Clashes are
        asked about last, once nothing else stands in the way."""
        rows = self.conference is not None or self.rows.is_valid()
        fine = all([self.form.is_valid(), rows, self._repeats_validly()])
        if fine and self.sent and self.warning.open:
            self.form.add_error(None, UNANSWERED)
            return False
        return fine

    def _repeats_validly(self) -> bool:
        """Whether the dates are as they can be. Raises no error of a time that is wrong anyway."""
        if self.repeats is None or not self.repeats.is_valid():
            return self.repeats is None
        if self.draft:
            self.repeats.refuse(str(NO_DRAFTS))
        elif self.form.cleaned_data.get("permanent"):
            self.repeats.refuse(str(NO_DATES))
        else:
            self.repeats.find(self.form.moment)
        return not self.repeats.errors

    @cached_property
    def recurrence(self) -> RecurrenceForm | None:
        """The rule as it was typed, with the dates that it gives, as far as they can be told."""
        if self.repeats is None or self.probe is None or self.sent:
            return self.repeats
        read = RecurrenceForm(self.typed, account=self.account)
        if read.is_valid() and self.probe.cleaned_data.get("permanent"):
            read.refuse(str(NO_DATES))
        else:
            read.find(self.probe.moment)
        return read

    @property
    def values(self) -> dict[str, Any]:
        """What is to be scheduled: the form's values, and how its platform repeats it by itself."""
        return self.form.values | (self.repeats.room if self.repeats else {})

    @property
    def dates(self) -> list[Occurrence]:
        """The dates that will be made; none of a rule without an end, or one that cannot be."""
        found = self.recurrence
        return found.dates if found and found.ends and not found.errors else []

    @property
    def permanent(self) -> bool:
        """Whether one permanent room is made for all dates."""
        found = self.recurrence
        return found is not None and found.permanent

    @property
    def kept_dates(self) -> scheduling.RoomDates | None:
        """The dates that Lectern keeps of that room."""
        found = self.recurrence
        if found is None or found.rule is None or not self.permanent:
            return None
        zone = self.moment.zone if self.moment else "UTC"
        starts = [one.at for one in self.dates]
        return scheduling.RoomDates(starts, self._minutes(), found.rule.text(zone))

    @cached_property
    def dates_shown(self) -> dict[str, Any]:
        """The next dates in words."""
        zone = self.moment.zone if self.moment else "UTC"
        found = self.recurrence
        dates = found.dates if found else []
        shown = in_words.dates(dates, zone, more=len(self.dates))
        if found and self.moment and dates:
            asked = walltime.wall(self.moment.instant, zone)
            shown["remarks"] = in_words.remarks(found.rule, dates, asked)
        return shown | self._clashes_of_dates(zone)

    def _clashes_of_dates(self, zone: str) -> dict[str, Any]:
        """What else takes place on the dates, but for the first: that one is warned of above."""
        some, minutes = self.dates[1:], self._minutes()
        speakers, made = self.rows.addresses, self._uid_of_what_was_made()
        planned = [
            clashes.Planned(self.account, one.at, minutes, None, speakers, made) for one in some
        ]
        each = zip(some, clashes.find_each(planned), strict=True)
        named = ((in_words.moment(one, zone), found) for one, found in each)
        return on_dates(named, self.account.label)

    def _uid_of_what_was_made(self) -> str:
        """By what a form that was sent before is known: what it made is no clash of its own."""
        uid = self.probe.cleaned_data.get("uid") if self.probe else None
        return f"{uid}@lectern" if uid else ""

    @cached_property
    def extents(self) -> list[extents.Choice]:
        """How far the edit may reach, where it is of one date of a series."""
        return extents.choices(self.conference, self.extent) if self.conference else []

    @cached_property
    def reached(self) -> list[Reach]:
        """What the edit does to other dates of the series, as far as it was typed."""
        if self.conference is None or self.probe is None or self.extent is Extent.ONE:
            return []
        rows = series.others(self.conference, self.extent)
        return series.spread(self.conference, self.probe.values, rows)

    @cached_property
    def reached_clashes(self) -> dict[str, Any]:
        """What else takes place at the new times of those dates."""
        if self.conference is None or not self.reached:
            return {}
        found = extents.clashes_of(
            self.conference, self.reached, self._minutes(), clashes.speakers_of(self.conference)
        )
        return on_dates(found, self.account.label)

    @property
    def number(self) -> int:
        """How many webinars will be made."""
        return 1 if self.permanent else len(self.dates) or 1

    @property
    def reminders(self) -> list[Reminder] | None:
        """What people are reminded by, where the form says it; None where the account does."""
        return self.carried.chosen if self.carried else None

    @cached_property
    def reminders_shown(self) -> dict[str, Any]:
        """The reminders that are taken over, in words; empty where there are none."""
        offered = self.carried.offered if self.carried else None
        if offered is None:
            return {}
        return in_few_words.offered(offered, self.account, self.reminders is not None)

    @cached_property
    def probe(self) -> ConferenceForm | None:
        """The form read as a draft, to say what the typed time means; None before anything was."""
        if self.typed is None:
            return None
        probe = self.form if self.sent else self._form(self.typed, True)
        probe.is_valid()
        return probe

    @property
    def kept_values(self) -> list[tuple[str, str]]:
        """What was typed into fields that are off now."""
        return self.form.kept_values(self.typed.dict()) if self.typed is not None else []

    def context(self) -> dict[str, Any]:
        """All that the template needs."""
        return {
            "page": self,
            "form": self.form,
            "rows": self.rows,
            "account": self.account,
            "conference": self.conference,
            "steps": self.steps(),
            "clock": self.clock(),
            "review": self.review(),
            "send": self.card,
            "further": [self.form[n] for n in self.form.further if n not in self.form.left_out],
            "settings": platform_settings.groups(self.form),
            "left_out": platform_settings.left_out(self.form),
            "in_field": self._put_cursor(),
            "create_reason": self.reason(),
            "people_reason": self.people_reason(),
            "repeats": self.repeats,
            "error_forms": [
                self.form,
                *([self.repeats] if self.repeats else []),
                *(f for f in self.rows.forms if self.sent),
            ],
        }

    def _put_cursor(self) -> bool:
        """Begin in the title, or in the first field that needs a change; answers whether there is
        one. A part that follows a choice leaves the cursor where it is."""
        first = self._first_wrong() if self.sent else None
        if self.start is not None and not self.form.fields["date"].disabled:
            first = self.form["date"]  # all else is there
        if first is None and self.posted is None and not self.form.fields["title"].disabled:
            first = self.form["title"]
        if first is not None:
            first.field.widget.attrs["autofocus"] = True
        return first is not None

    def _first_wrong(self) -> BoundField | None:
        early = [self.form[n] for n in (*_BASICS, *MomentFields.base_fields)]
        fields = [*early, *(self.repeats or []), *(f for row in self.rows.forms for f in row)]
        fields += list(self.form)
        off = self.form.left_out
        return next((f for f in fields if f.errors and f.name not in off), None)

    def reason(self) -> str:
        """Why the account's platform would not take it at all."""
        verb = "update" if self.conference and not self.conference.draft else "create"
        return rules.reason_against(self.account, Kind.CONFERENCE, verb)

    def people_reason(self) -> str:
        """Why moderators cannot be assigned on this account."""
        return rules.reason_against(self.account, Kind.MODERATOR, "create")

    def steps(self) -> list[dict[str, Any]]:
        """The index at the side, with a mark where something needs a change."""
        wrong = set(self.form.errors) if self.sent else set()
        found = []
        for name, label in SECTIONS.items():
            mine = _fields_of(name)
            if name == "access":
                mine |= set(self.form.option_names)
            bad = bool(wrong & mine) or (name == "people" and self.sent and self._people_wrong())
            if name == "time" and self.sent and self.repeats is not None:
                bad = bad or bool(self.repeats.errors)
            found.append({"label": label, "href": f"#{name}", "state": "error" if bad else "todo"})
        return found

    def _people_wrong(self) -> bool:
        return self.conference is None and not self.rows.is_valid()

    @cached_property
    def moment(self) -> Moment | None:
        """The start that is meant, as far as it can be told."""
        if self.probe is not None:
            return self.probe.moment
        held = self.conference
        if held is None or held.starts_at is None:
            return None
        choices = walltime.instants(walltime.wall(held.starts_at, held.timezone), held.timezone)
        return Moment(held.starts_at, held.timezone, tuple(choices))

    def clock(self) -> dict[str, Any]:
        """What the time means: elsewhere, twice, not at all, or beside another webinar."""
        found: dict[str, Any] = {"problem": self._time_problem(), "times": []}
        if self.moment is None:
            return found
        minutes = self._minutes()
        if self.moment.twice and self.probe is not None:
            self.form.fields["fold"].choices = self.probe.fields["fold"].choices  # type: ignore[attr-defined]
        return found | {
            "past": self._past(),
            "twice": self.moment.twice,
            "times": present.times_in(self.moment.instant, minutes, self.moment.zone),
        }

    @cached_property
    def warning(self) -> ClashWarning:
        """What else takes place at the time. It asks where a time is about to be decided: not of
        a draft, and not where an edit leaves the time as it is."""
        held, moment = self.conference, self.moment
        found, minutes = Clashes(), self._minutes()
        if moment is not None:
            speakers = clashes.speakers_of(held) if held else self.rows.addresses
            made = self._uid_of_what_was_made()
            leave = extents.moving(held, self.reached) if held else ()
            planned = clashes.Planned(
                self.account, moment.instant, minutes, held, speakers, made, leave
            )
            found = clashes.find(planned)
        decided = self.probe is not None and moment is not None and not self.draft
        if decided and moment is not None and held is not None and not held.draft:
            decided = (moment.instant, minutes) != (held.starts_at, held.duration_minutes or 0)
        zone = moment.zone if moment else ""
        return ClashWarning(found, self.account.label, decided, self.typed or {}, zone)

    def _past(self) -> str:
        """What to know of a start that lies behind us, before it is saved."""
        if self.moment is None or not scheduling.lies_behind(self.moment.instant):
            return ""
        if self.conference is not None and self.conference.starts_at == self.moment.instant:
            return ""  # nobody moves it
        return _(
            "This time is in the past. A draft may keep it; "
            "it must be mended before the webinar is scheduled."
        )

    def _time_problem(self) -> str:
        if (
            self.sent
            or self.probe is None
            or not (self.typed and self.typed.get("date") and self.typed.get("time"))
        ):
            return ""
        return " ".join(str(text) for text in self.probe.errors.get("time", []))

    def _minutes(self) -> int:
        if self.probe is None:
            return (self.conference and self.conference.duration_minutes) or 0
        return self.probe.cleaned_data.get("duration_minutes") or 0

    def review(self) -> list[str]:
        """What saving will do, in sentences."""
        return schedule_review.review(self)

    @cached_property
    def card(self) -> SendCard | None:
        """Who hears of what was typed so far; None where nobody would have to hear of it."""
        if self.probe is None or self.draft:
            return None
        held = self.conference
        found = (
            self._first_card()
            if held is None or held.draft
            else self._card_of_changes(held, self.probe)
        )
        return found if found and (found.count or found.unreachable) else None

    def _card_of_changes(self, held: Conference, probe: ConferenceForm) -> SendCard | None:
        changed = differing(held, probe.values)
        if not NOTIFIED_FIELDS & changed.keys():
            return None
        form = TellingForm(self.typed)
        if self.reached:
            return card_of_several(extents.parts_of_changes(held, changed, self.reached), form)
        return send_card(held, Act.RESCHEDULE, form, changes=since(held, changed))

    def _first_card(self) -> SendCard | None:
        """Those who run it are invited as soon as it is scheduled."""
        if not self.sent or not self.is_valid():
            return None
        row = self.conference or Conference(account=self.account)
        planned = with_values(row, {})
        put(planned, self.values)
        planned.draft = False
        if self.conference:
            speakers = list(self.conference.moderators.filter(removed_at=None))
        else:
            speakers = [Moderator(conference=planned, **one) for one in self.rows.people]
        form = TellingForm(self.typed)
        if self.permanent and (kept := self.kept_dates):
            planned.permanent = True
            kept.put(planned)
        if not self.dates or self.permanent:
            return send_card(planned, Act.ASSIGN, form, moderators=speakers)
        parts = []
        for one in self.dates:
            date = with_values(planned, {"starts_at": one.at})
            some = [Moderator(conference=date, **given) for given in self.rows.people]
            parts.append(Part(date, Act.ASSIGN, moderators=some))
        return card_of_several(parts, form)

"""Find a date: what it is about, the proposed times, and who is asked; and the answer to it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar, Generic, TypeVar
from uuid import uuid4

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import clock, zones
from portal.common.dates import CLOCK, DAY_OF_WEEK, written
from portal.common.forms import LongSelect
from portal.conferences import walltime
from portal.conferences.audience.forms.answer_boxes import readable
from portal.conferences.models import AskedPerson, DatePoll, ProposedTime
from portal.conferences.people.forms.address import AddressField, NameField
from portal.conferences.people.forms.beside import NameBesideAddress
from portal.conferences.schedule.forms.conference import TITLE_LENGTH, AccountChoice, HiddenUUID
from portal.conferences.schedule.forms.moment import (
    FIRST,
    LONGEST_MINUTES,
    SECOND,
    MomentFields,
    fold_choices,
    gap_sentence,
)
from portal.conferences.schedule.services.date_polls import (
    LONGEST_REMARK,
    MOST_PEOPLE,
    MOST_TIMES,
    Who,
    version,
)
from portal.platforms.models import PlatformAccount

NOTE_LENGTH = 5000  # characters
END_OF_DAY = time(23, 59)
IS_PAST = gettext_lazy("This time is in the past. Please choose one that lies ahead.")
TWICE = gettext_lazy("This time stands above already.")


class AboutForm(forms.Form):
    """What can be changed while people are asked. `about` is the poll's note: "note" is what stands
    on the page that asks, for words in the mail."""

    use_required_attribute = False
    title = forms.CharField(
        label=gettext_lazy("Title"),
        validators=[MaxLengthValidator(TITLE_LENGTH)],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    about = forms.CharField(
        label=gettext_lazy("What it is about"),
        required=False,
        validators=[MaxLengthValidator(NOTE_LENGTH)],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Those who are asked read it in the mail, and on their page."),
    )
    duration_minutes = forms.IntegerField(
        label=gettext_lazy("Length in minutes"), min_value=1, max_value=LONGEST_MINUTES
    )
    answer_until = forms.DateField(
        label=gettext_lazy("Answer until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        help_text=gettext_lazy("The end of this day. You are reminded then; answers still count."),
    )

    def clean_title(self) -> str:
        """On one line."""
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_about(self) -> str:
        """Line ends as they are kept, so that nothing has changed where nobody changed anything."""
        return str(self.cleaned_data["about"]).replace("\r\n", "\n")

    def clean_answer_until(self) -> date | None:
        """A day of today or later, by the poll's clock; what is compared is its end."""
        day: date | None = self.cleaned_data["answer_until"]
        if day is not None and not _is_year(day):
            raise forms.ValidationError(_year_sentence())
        return day

    def clean(self) -> dict[str, Any]:
        """By when is a moment of the poll's zone."""
        cleaned = super().clean() or self.cleaned_data
        until = self.until if cleaned.get("answer_until") else None
        if until is not None and until != self.held_until and until < clock.now():
            self.add_error("answer_until", _("This day is over."))
        return cleaned

    @property
    def zone(self) -> str:
        """The poll's zone; empty where it is not known."""
        raise NotImplementedError

    @property
    def held_until(self) -> datetime | None:
        """By when they are asked to answer so far."""
        return None

    @property
    def until(self) -> datetime | None:
        """By when people are asked to answer."""
        day = self.cleaned_data.get("answer_until")
        if not day or not self.zone:
            return None
        if self.held_until and day == _day(self.held_until, self.zone):
            return self.held_until
        wall = datetime.combine(day, END_OF_DAY)
        return (walltime.instants(wall, self.zone) or [wall.replace(tzinfo=UTC)])[-1]

    @property
    def values(self) -> dict[str, Any]:
        """What the poll keeps of it."""
        given = self.cleaned_data
        names = ("title", "duration_minutes")
        own = {"note": given["about"], "answer_until": self.until}
        return {name: given[name] for name in names} | own


class EditForm(AboutForm):
    """What is held, to be changed; `seen` tells what that was (`date_polls.version`)."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        poll: DatePoll,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        self.poll, until = poll, poll.answer_until
        initial: dict[str, Any] = {
            "title": poll.title,
            "about": poll.note,
            "duration_minutes": poll.duration_minutes,
            "answer_until": _day(until, poll.timezone) if until else "",
            "seen": version(poll),
        }
        super().__init__(data, initial=initial | _named(typed, self.base_fields))

    @property
    def zone(self) -> str:
        return self.poll.timezone

    @property
    def held_until(self) -> datetime | None:
        return self.poll.answer_until


class PollForm(AboutForm):
    """What is to be scheduled, as far as it is known before there is a date."""

    uid = HiddenUUID(widget=forms.HiddenInput, required=False)
    account = AccountChoice(
        label=gettext_lazy("Account"),
        queryset=PlatformAccount.objects.none(),
        help_text=gettext_lazy("Its sender writes the mails. You can choose another one later."),
    )
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"), widget=LongSelect)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        accounts: QuerySet[PlatformAccount],
        account: PlatformAccount | None,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        here = timezone.get_current_timezone_name()
        initial: dict[str, Any] = {
            "account": account.pk if account else None,
            "timezone": here if here in zones.known() else "UTC",
            "duration_minutes": 60,
            "uid": uuid4(),
        }
        super().__init__(data, initial=initial | _named(typed, self.base_fields))
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]
        self.fields["timezone"].choices = zones.choices()  # type: ignore[attr-defined]

    @property
    def zone(self) -> str:
        return str(self.cleaned_data.get("timezone") or "")

    @property
    def values(self) -> dict[str, Any]:
        """What the poll keeps of it."""
        return super().values | {"timezone": self.cleaned_data["timezone"]}


class TimeForm(forms.Form):
    """One proposed time; left empty as a whole where it is a spare row. `instant` holds it once it
    was found."""

    use_required_attribute = False
    date = forms.DateField(
        label=gettext_lazy("Date"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        error_messages={"invalid": MomentFields.base_fields["date"].error_messages["invalid"]},
    )
    time = forms.TimeField(
        label=gettext_lazy("Start"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        input_formats=["%H:%M", "%H:%M:%S", "%H.%M"],
        error_messages={"invalid": MomentFields.base_fields["time"].error_messages["invalid"]},
    )
    fold = forms.ChoiceField(
        label=gettext_lazy("This time comes twice that day. Which one?"),
        choices=((FIRST, gettext_lazy("The first")), (SECOND, gettext_lazy("The second"))),
        widget=forms.RadioSelect,
        required=False,
    )
    instant: datetime | None = None
    twice = False

    @property
    def begun(self) -> bool:
        """A day makes a row; the time of day alone is what the row before had."""
        return bool(self["date"].value())

    def clean_date(self) -> Any:
        """A year that calendars and platforms can work with."""
        day = self.cleaned_data["date"]
        if day is not None and not _is_year(day):
            raise forms.ValidationError(_year_sentence())
        return day

    def find(self, zone: str) -> datetime | None:
        """The instant that is meant, with an error beside the field where there is none."""
        day, at = self.cleaned_data.get("date"), self.cleaned_data.get("time")
        if day is None or at is None:
            if day is not None and "time" not in self.errors:
                self.add_error("time", _("Please say at what time."))
            return None
        wall = datetime.combine(day, at.replace(second=0, microsecond=0))
        found = walltime.instants(wall, zone)
        if not found:
            self.add_error("time", gap_sentence(wall, zone))
            return None
        self.twice = len(found) == 2
        if self.twice:
            self.fields["fold"].choices = fold_choices(found, zone)  # type: ignore[attr-defined]
            if self.cleaned_data.get("fold") not in (FIRST, SECOND):
                self.add_error("fold", _("Please choose, then save again."))
                return None
        self.instant = found[-1] if self.cleaned_data.get("fold") == SECOND else found[0]
        if self.instant <= clock.now():
            self.add_error("time", str(IS_PAST))
        return self.instant


class PersonForm(NameBesideAddress):
    """Somebody who is asked; left empty as a whole where it is a spare row."""

    use_required_attribute = False
    name = NameField(label=gettext_lazy("Name"), required=False)
    email = AddressField(label=gettext_lazy("E-mail"), required=False)

    @property
    def begun(self) -> bool:
        """Whether anything stands in it."""
        return any(str(self[name].value() or "").strip() for name in self.fields)

    def clean(self) -> dict[str, Any]:
        """Without an address nobody can be asked."""
        cleaned = super().clean()
        if cleaned.get("name") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Please add the address."))
        return cleaned


Form = TypeVar("Form", bound=forms.Form)


class Rows(Generic[Form]):
    """Some rows of one form, as many as were posted, and at most so many; `more` adds one.

    `data` is what was posted, if anything; `checked` shows what is wrong with it.
    """

    form: type[Form]
    prefix: ClassVar[str]
    most: ClassVar[int]
    spare: ClassVar[int]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, checked: bool = False, more: bool = False
    ) -> None:
        self.count = min(max(self._posted(data), 1) + int(more), self.most)
        self.full = self.count >= self.most
        self.checked = checked
        self.forms = [self._row(number, data) for number in range(self.count)]

    def _posted(self, data: Mapping[str, Any] | None) -> int:
        text = str((data or {}).get(f"{self.prefix}-count") or "")
        return min(int(text[:9]), self.most) if text.isascii() and text.isdigit() else self.spare

    def _row(self, number: int, data: Mapping[str, Any] | None) -> Form:
        prefix = f"{self.prefix}-{number}"
        if data is not None and self.checked:
            return self.form(data, prefix=prefix)
        typed = {name: (data or {}).get(f"{prefix}-{name}") for name in self.form.base_fields}
        initial = {name: value for name, value in typed.items() if value is not None}
        return self.form(prefix=prefix, initial=initial)

    def read(self) -> bool:
        """Whether each row can be read by itself."""
        return not [one for one in self.forms if not one.is_valid()]


class TimeRows(Rows[TimeForm]):
    """The proposed times."""

    form, prefix, most, spare = TimeForm, "times", MOST_TIMES, 3

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, checked: bool = False, more: bool = False
    ) -> None:
        super().__init__(data, checked=checked, more=more)
        if more and len(self.forms) > 1:  # most propose the same time of day
            last = str(self.forms[-2]["time"].value() or "")
            self.forms[-1].initial.setdefault("time", last)

    def find(self, zone: str, stand: Iterable[datetime] = ()) -> list[datetime]:
        """The instants; call `read` first, and look for errors afterwards."""
        seen, found = set(stand), []
        for row in (one for one in self.forms if one.begun):
            instant = row.find(zone) if zone else None
            if instant is not None and instant in seen:
                row.add_error("date", str(TWICE))
            if instant is not None:
                seen.add(instant)
                found.append(instant)
        if not found and not self.wrong:
            self.forms[0].add_error("date", _("Please propose at least one time."))
        return found

    @property
    def wrong(self) -> bool:
        """Whether a row needs a change."""
        return any(row.errors for row in self.forms)


class PeopleRows(Rows[PersonForm]):
    """Those who are asked."""

    form, prefix, most, spare = PersonForm, "people", MOST_PEOPLE, 2

    def find(self) -> list[Who]:
        """Who stands in the rows; call `read` first, and look for errors afterwards."""
        seen, found = set[str](), []
        for row in (one for one in self.forms if one.begun and not one.errors):
            email = str(row.cleaned_data["email"]).lower()
            if email in seen:
                row.add_error("email", _("This address stands above already."))
            seen.add(email)
            found.append(Who(email, row.cleaned_data.get("name", "")))
        if not found and not self.wrong:
            self.forms[0].add_error("email", _("Please say who is asked."))
        return found

    @property
    def wrong(self) -> bool:
        """Whether a row needs a change."""
        return any(row.errors for row in self.forms)


class AnswerForm(forms.Form):
    """What somebody says of each time that lies ahead, and a remark."""

    use_required_attribute = False
    remark = forms.CharField(
        label=gettext_lazy("A remark"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Only those who look for the date read it."),
    )

    def __init__(
        self, person: AskedPerson, times: Sequence[ProposedTime], data: Any = None
    ) -> None:
        super().__init__(data, initial={"remark": person.remark})
        self.person, self.times = person, times
        for one in times:
            self.fields[f"time-{one.pk}"] = forms.ChoiceField(
                label=_label(person.poll, one),
                choices=AskedPerson.Answer.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=person.said(one),
                error_messages={"invalid_choice": _("Please choose one of the three.")},
            )

    def clean_remark(self) -> str:
        """Said beside the field, and nothing is cut off."""
        text = str(self.cleaned_data["remark"])
        if len(text) > LONGEST_REMARK:
            said = _("At most %(longest)s characters; this has %(count)s.")
            raise forms.ValidationError(said % {"longest": LONGEST_REMARK, "count": len(text)})
        return readable(text, LONGEST_REMARK)

    @property
    def asked(self) -> list[tuple[ProposedTime, forms.BoundField]]:
        """Each time with its field."""
        return [(one, self[f"time-{one.pk}"]) for one in self.times]

    @property
    def answers(self) -> dict[int, str]:
        """What was said, by the time's key."""
        given = {one.pk: self.cleaned_data.get(f"time-{one.pk}", "") for one in self.times}
        return {pk: said for pk, said in given.items() if said}

    def none_suits(self) -> dict[int, str]:
        """No to all."""
        return {one.pk: AskedPerson.Answer.NO.value for one in self.times}


def _named(typed: Mapping[str, Any] | None, names: Iterable[str]) -> dict[str, Any]:
    """What was typed in some fields."""
    return {name: typed[name] for name in names if name in typed} if typed is not None else {}


def _label(poll: DatePoll, one: ProposedTime) -> str:
    at = one.starts_at.astimezone(zones.zone(poll.timezone))
    return f"{written(at, DAY_OF_WEEK)}, {written(at, CLOCK)}"


def _day(at: datetime, zone: str) -> date:
    """The day of a moment by the clock of a zone."""
    return at.astimezone(zones.zone(zone)).date()


def _is_year(day: date) -> bool:
    return walltime.FIRST_YEAR <= day.year <= walltime.LAST_YEAR


def _year_sentence() -> str:
    low, high = walltime.FIRST_YEAR, walltime.LAST_YEAR
    return _("Please choose a year from %(low)s to %(high)s.") % {"low": low, "high": high}

"""The schedule form: its fields follow the chosen account, and nothing that was typed is lost."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common import zones
from portal.common.errors import NotPossible
from portal.common.forms import put_refusal
from portal.common.texts import shown
from portal.conferences import rules
from portal.conferences.models import Conference
from portal.conferences.schedule.forms import platform_fields
from portal.conferences.schedule.forms.moment import Moment, MomentFields
from portal.conferences.schedule.services import schedule as scheduling
from portal.platforms.models import PlatformAccount

# Where the form asks in other words than the records: canonical name -> form field
ASKED_AS = {"starts_at": "time"}
PERMANENT = gettext_lazy("A permanent room has no start and no end.")
STAYS = gettext_lazy(
    "To hold it on another account, use “Copy or move to another account” on its page."
)
LENGTH = (
    gettext_lazy("The length may be a number from %(least)s to %(most)s."),
    gettext_lazy("The length may be a number of %(least)s or more."),
    gettext_lazy("The length may be a number of %(most)s or less."),
)
TITLE_LENGTH = 500


class AccountChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Accounts with their platform, and whether they rest."""

    def label_from_instance(self, account: PlatformAccount) -> str:
        """What stands in the list."""
        if account.active:
            return f"{account.label} - {account.platform_name}"
        said = _("%(account)s - %(platform)s (not syncing now)")
        return said % {"account": account.label, "platform": account.platform_name}


class Unseen(forms.Field):
    """What nobody typed and nobody can mend: nonsense in it counts as nothing."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class HiddenUUID(Unseen, forms.UUIDField):
    """The uid of a form, which keeps it from being sent twice."""


class HiddenNumber(Unseen, forms.IntegerField):
    """The version of the row that the form was filled from."""


class ConferenceForm(MomentFields):
    """One form to schedule and to edit. `moment` holds the start once the form was cleaned.
    `left_out` names the fields that a page does not show, each with the reason."""

    field_order = (
        "account",
        "title",
        "description",
        "room_type",
        "permanent",
        "timezone",
        "date",
        "time",
        "fold",
        "duration_minutes",
        "access",
        "password",
    )

    uid = HiddenUUID(widget=forms.HiddenInput, required=False)
    version = HiddenNumber(widget=forms.HiddenInput, required=False, min_value=0)
    account = AccountChoice(label=gettext_lazy("Account"), queryset=PlatformAccount.objects.none())
    title = forms.CharField(
        label=gettext_lazy("Title"),
        validators=[MaxLengthValidator(TITLE_LENGTH)],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    room_type = forms.ChoiceField(
        label=gettext_lazy("Kind of room"), choices=Conference.RoomType.choices
    )
    permanent = forms.BooleanField(
        label=gettext_lazy("A permanent room, always there"), required=False
    )
    access = forms.ChoiceField(
        label=gettext_lazy("Who can enter"), choices=Conference.Access.choices
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        validators=[MaxLengthValidator(200)],
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
    )
    registration_enabled = forms.BooleanField(
        label=gettext_lazy("Registration on the platform's own page"), required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        account: PlatformAccount,
        accounts: QuerySet[PlatformAccount],
        conference: Conference | None = None,
        draft: bool = False,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        initial = start_values(account, conference)
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.the_account, self.conference, self.draft = account, conference, draft
        self.on_update = bool(conference and not conference.draft)
        self.moment: Moment | None = None
        self.left_out: dict[str, str] = {}
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]
        if conference is not None:
            self._say_what_stays(conference)
        self.fields["timezone"].choices = zone_choices(initial["timezone"])  # type: ignore[attr-defined]
        self.further = platform_fields.add_further(self)
        self.option_names = platform_fields.add_options(self, account, conference)
        if typed is not None:
            self.initial = {**self.initial, **self._as_typed(typed)}
        self._follow_rules()

    def _say_what_stays(self, conference: Conference) -> None:
        platform_fields.switch_off(self.fields["account"], STAYS)
        if conference.password:
            self.fields["password"].label = _("New password (one is set; empty keeps it)")

    def _as_typed(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """What was posted, shown again without being checked."""
        return {
            name: field.widget.value_from_datadict(typed, {}, name)
            for name, field in self.fields.items()
            if name != "version" and (name in typed or isinstance(field, forms.BooleanField))
        }

    def _follow_rules(self) -> None:
        for name in platform_fields.NAMES:
            asked = ASKED_AS.get(name, name)
            platform_fields.follow(self, asked, name)
        for name in ("date", "fold"):
            platform_fields.copy_state(self, "time", name)
        if self["permanent"].value() in (True, "on", "true", "True", "1"):
            for name in ("date", "time", "fold", "duration_minutes"):
                platform_fields.switch_off(self.fields[name], PERMANENT)
        if self.draft:
            for name in ("date", "time", "duration_minutes"):
                self.fields[name].required = False

    @property
    def duration_note(self) -> str:
        """How long the platform lets it be, in the platform's words or by its numbers."""
        rule = rules.field_rule(self.the_account, "duration_minutes")
        if rule is None or self.fields["duration_minutes"].disabled:
            return ""
        return shown(rule.sentence) or rules.limits(rule, *LENGTH)

    def clean(self) -> dict[str, Any]:
        """Find the instant, then ask for all that stands against it, so that it is said at once."""
        cleaned = super().clean() or self.cleaned_data
        self.moment = self.read_moment(cleaned, self.conference)
        try:
            if self.draft:
                rules.check_values(
                    self.the_account, self.values, on_update=self.on_update, required=False
                )
            else:
                self._ask_everything()
        except NotPossible as refusal:
            self.take(refusal)
        return cleaned

    def _ask_everything(self) -> None:
        """Raise NotPossible with what the service would refuse, field by field."""
        found = scheduling.problems(self.the_account, self.values, self.conference)
        if self.errors.keys() & MomentFields.base_fields.keys() - {"duration_minutes"}:
            found.pop("starts_at", None)  # said beside the part of it that is wrong
        if found:
            raise NotPossible(_("Some values cannot be used. Nothing was saved."), found)

    @property
    def values(self) -> dict[str, Any]:
        """Canonical values of all fields that are on and could be read."""
        cleaned, found = self.cleaned_data, {}
        for name in platform_fields.NAMES:
            asked = ASKED_AS.get(name, name)
            if asked in cleaned and not self.fields[asked].disabled:
                found[name] = cleaned[asked]
        found.pop("starts_at", None)
        if self.moment is not None:
            found["starts_at"] = self.moment.instant
        if cleaned.get("permanent"):
            found |= dict.fromkeys(self._dateless())
        if not found.get("password"):
            found.pop("password", None)  # empty means: as it is
        if "title" in found:
            found["title"] = " ".join(found["title"].split())
        return found | platform_fields.option_values(self, self.option_names)

    def _dateless(self) -> list[str]:
        """What a permanent room has none of, as far as the platform hears of it."""
        names = ("starts_at", "duration_minutes")
        account, on_update = self.the_account, self.on_update
        return [n for n in names if not rules.reason_off(account, n, on_update=on_update)]

    def take(self, refusal: NotPossible) -> None:
        """Put a refusal beside the fields that it names, else on top of the form."""
        put_refusal(self, refusal, named=_asked_as)

    def kept_values(self, typed: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What was typed into fields that this account has off or not at all: kept hidden."""
        return platform_fields.kept_values(self, typed)


def _asked_as(name: str) -> str:
    """The form's field for a field of the conference."""
    asked = name.replace("options.", "option_")
    return ASKED_AS.get(asked, asked)


def start_values(account: PlatformAccount, conference: Conference | None) -> dict[str, Any]:
    """What an untouched form shows: the conference, or a fresh start in the viewer's zone."""
    if conference is None:
        here = timezone.get_current_timezone_name()
        zone = here if here in zones.known() else "UTC"
        return {"account": account.pk, "timezone": zone, "duration_minutes": 60}
    names = (*platform_fields.NAMES, "version")
    held = {n: getattr(conference, n) for n in names if n not in ("password", "starts_at")}
    return held | {"account": account.pk} | MomentFields.shown(conference)


def zone_choices(used: str) -> list[tuple[str, str]]:
    """All zones; one that is known by an old name only is kept in the list where it is in use."""
    choices = zones.choices()
    return choices if used in dict(choices) else [(used, used), *choices]

"""The form that connects an account: made from what its platform asks for."""

from collections.abc import Iterable
from email.utils import parseaddr
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.base.adapter import Room
from integrations.base.credentials import CredentialField
from portal.common import languages
from portal.common.errors import NotPossible
from portal.common.forms import put_refusal
from portal.common.texts import shown
from portal.platforms import services, validation
from portal.platforms.models import PlatformAccount

KEPT = _("Stored. Leave it empty to keep it; what is stored is never shown.")
_MAILS = ("sender_name", "sender_address", "reply_to", "language")
_LIMITS = ("interval_minutes", "requests_per_minute", "concurrent_rooms", "ca_bundle")
_SETTINGS = ("label", *_LIMITS, *_MAILS)


class AccountForm(forms.Form):
    """Connect an account of a platform, or change one. Secrets are write-only."""

    label = forms.CharField(
        label=_("Label"), max_length=80, help_text=_("How staff know this account.")
    )
    base_url = forms.CharField(
        label=_("Address of the API"),
        max_length=300,
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    interval_minutes = forms.IntegerField(
        label=_("Minutes between two syncs"),
        min_value=validation.SHORTEST,
        max_value=validation.LONGEST,
        initial=5,
    )
    changes_there = forms.ChoiceField(
        label=_("When a webinar is changed on the platform itself"),
        choices=PlatformAccount.ChangesThere.choices,
        initial=PlatformAccount.ChangesThere.ASK,
        required=False,
        help_text=_(
            "Whether the people who take part are notified of it by mail: of another time or "
            "title, and of a webinar that was deleted there."
        ),
    )
    sender_name = forms.CharField(
        label=_("Sender's name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sender_address = forms.CharField(
        label=_("Sender's address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reply_to = forms.CharField(
        label=_("Answers go to"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("An address that somebody reads. Leave it empty for the sender's."),
    )
    language = forms.ChoiceField(
        label=_("Language of mails"),
        required=False,
        help_text=_("For people of whom no language of their own is known."),
    )
    requests_per_minute = forms.IntegerField(
        label=_("Requests a minute"),
        min_value=1,
        max_value=validation.LARGEST_PACE,
        required=False,
        help_text=_(
            "Leave it empty to go as fast as the platform allows, or as fast as is prudent "
            "where it names no limit."
        ),
    )
    concurrent_rooms = forms.IntegerField(
        label=_("Webinars at the same time"),
        min_value=1,
        max_value=validation.MOST_ROOMS,
        required=False,
        help_text=_(
            "How many may run at once on this account, by your contract or licence. Whoever "
            "schedules more for one time is warned. Leave it empty where you do not know."
        ),
    )
    ca_bundle = forms.CharField(
        label=_("Private CA bundle"),
        max_length=300,
        required=False,
        help_text=_(
            "The path of a PEM file on the server, where the platform's certificate is your "
            "company's own."
        ),
    )

    def __init__(self, *args: Any, room: Room, account: PlatformAccount | None = None, **kw: Any):
        self.room, self.account = room, account
        kw.setdefault("initial", _initial(account))
        super().__init__(*args, **kw)
        self.fields["base_url"].help_text = gettext("Leave it empty for %(address)s") % {
            "address": room.default_base_url
        }
        name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        self.fields["sender_name"].help_text = gettext(
            "Who the mails about webinars on this account come from. Leave it empty for %(name)s."
        ) % {"name": name or address}
        self.fields["sender_address"].help_text = gettext(
            "Leave it empty for %(address)s. Ask whoever runs the mail server before you use "
            "another one: it must be allowed to send from it."
        ) % {"address": address}
        own = gettext("As in all of Lectern: %(language)s") % {
            "language": languages.name_of(settings.LANGUAGE_CODE)
        }
        self.fields["language"].choices = [("", own), *languages.choices()]  # type: ignore[attr-defined]
        self._add(validation.CREDENTIAL, room.credentials, account.credentials if account else {})
        self._add(validation.OPTION, room.options, account.options if account else {})
        last = ("interval_minutes", "changes_there", *_LIMITS[1:], *_MAILS)
        self.order_fields([name for name in self.fields if name not in last])

    def _add(self, prefix: str, asked: Iterable[CredentialField], stored: dict[str, str]) -> None:
        for one in asked:
            self.fields[prefix + one.name] = _field(one, stored.get(one.name, ""))

    @property
    def access(self) -> list[forms.BoundField]:
        """What names the account and lets us in."""
        return [self[n] for n in self.fields if n in ("label", "base_url") or _credential(n)]

    @property
    def settings(self) -> list[forms.BoundField]:
        """What may stay as it is."""
        return [
            self[n]
            for n in self.fields
            if n not in ("label", "base_url", *_MAILS) and not _credential(n)
        ]

    @property
    def mails(self) -> list[forms.BoundField]:
        """From whom people have their mails."""
        return [self[n] for n in _MAILS]

    def clean(self) -> dict[str, Any]:
        """Ask for what the service would refuse too, so that all that is wrong is said at once."""
        cleaned = super().clean() or self.cleaned_data
        given = {name: cleaned[name] for name in _SETTINGS if name in cleaned}
        found = services.problems(
            platform=self.room.slug,
            account=self.account,
            base_url=cleaned.get("base_url", ""),
            credentials=self._given(validation.CREDENTIAL),
            options=self._given(validation.OPTION),
            **given,
        )
        for name, texts in found.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, list(texts))
        return cleaned

    def save(self, by: User | None) -> PlatformAccount | None:
        """The saved account; None where the service refused, with its words beside the fields."""
        data = self.cleaned_data
        try:
            return services.connect(
                platform=self.room.slug,
                account=self.account,
                by=by,
                label=data["label"],
                base_url=data["base_url"],
                credentials=self._given(validation.CREDENTIAL),
                options=self._given(validation.OPTION),
                ca_bundle=data["ca_bundle"],
                interval_minutes=data["interval_minutes"],
                requests_per_minute=data["requests_per_minute"],
                concurrent_rooms=data["concurrent_rooms"],
                **{name: data[name] for name in _MAILS},
                **self._telling(),
            )
        except NotPossible as refusal:
            put_refusal(self, refusal)
            return None

    def _telling(self) -> dict[str, str]:
        """What was chosen; a form that does not ask leaves it as it is."""
        chosen = self.cleaned_data["changes_there"]
        return {"changes_there": chosen} if chosen else {}

    def _given(self, prefix: str) -> dict[str, str]:
        return {
            n.removeprefix(prefix): v for n, v in self.cleaned_data.items() if n.startswith(prefix)
        }


def _credential(name: str) -> bool:
    return name.startswith(validation.CREDENTIAL)


def _initial(account: PlatformAccount | None) -> dict[str, Any]:
    if account is None:
        return {}
    names = (
        "label",
        "base_url",
        "interval_minutes",
        "changes_there",
        "requests_per_minute",
        "concurrent_rooms",
        "ca_bundle",
        *_MAILS,
    )
    return {name: getattr(account, name) for name in names}


def _field(one: CredentialField, stored: str) -> forms.Field:
    """A stored secret is neither shown nor asked for again."""
    keep = bool(stored) and one.secret
    said = shown(one.help)
    common: dict[str, Any] = {
        "label": shown(one.label),
        "required": one.required and not keep,
        "help_text": f"{said} {KEPT}".strip() if keep else said,
    }
    if one.choices:
        choices = [(value, shown(label)) for value, label in one.choices]
        return forms.ChoiceField(choices=choices, initial=stored or one.default, **common)
    if one.secret:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        return forms.CharField(widget=widget, max_length=4000, **common)
    return forms.CharField(initial=stored or one.default, max_length=4000, **common)

"""What a platform alone has for a webinar, by what it is about, and what it does not have."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.capabilities import SETTING_TOPICS
from portal.common.texts import shown
from portal.conferences.schedule.forms.conference import ConferenceForm
from portal.staff.presenters import words

NAMED = 5  # settings within a sentence; more are folded


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Settings about one thing. `open` where one needs a look; `note` says how many there are."""

    label: str
    fields: list[BoundField]
    open: bool
    note: str


def groups(form: ConferenceForm) -> list[SettingGroup]:
    """The settings that can be set, by their topics."""
    options = form.the_account.capabilities.options
    return [
        _group(shown(label), fields)
        for topic, label in SETTING_TOPICS.items()
        if (fields := [f for o in options if o.topic is topic for f in _shown(form, o.name)])
    ]


def _shown(form: ConferenceForm, option: str) -> Iterator[BoundField]:
    name = f"option_{option}"
    if name not in form.left_out:
        yield form[name]


def _group(label: str, fields: list[BoundField]) -> SettingGroup:
    note = ngettext("%(count)s setting", "%(count)s settings", len(fields))
    values = {"count": len(fields), "set": sum(_said(f.value()) != "" for f in fields)}
    if values["set"]:
        note = ngettext(
            "%(set)s of %(count)s is set", "%(set)s of %(count)s are set", values["set"]
        )
    return SettingGroup(label, fields, any(_matters(f) for f in fields), note % values)


def _matters(field: BoundField) -> bool:
    """Whether it needs a change, was changed, or was chosen for a webinar that is not made yet: one
    that is made shows all its settings, and no single one is worth unfolding."""
    if field.errors:
        return True
    form: ConferenceForm = field.form  # type: ignore[assignment]
    usual = field.field.initial if form.on_update else _default(form, field.name)
    return _said(field.value()) != _said(usual)


def _default(form: ConferenceForm, name: str) -> object:
    options = form.the_account.capabilities.options
    return next((o.default for o in options if f"option_{o.name}" == name), None)


def _said(value: object) -> str:
    """A value as a form sends it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Settings that the form does not ask for. `folded` names them where they are many."""

    text: str
    folded: str = ""


def left_out(form: ConferenceForm) -> list[LeftOut]:
    """What the form does not ask for on this account, each reason once."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in form.left_out.items():
        by_reason.setdefault(reason, []).append(str(form.fields[name].label))
    found = []
    for reason, labels in sorted(by_reason.items()):
        values = {"platform": form.the_account.platform_name, "fields": words.listed(labels)}
        if not reason:
            found.append(LeftOut(_("%(platform)s has no setting for: %(fields)s.") % values))
        elif len(labels) <= NAMED:
            said = _("Not on this form: %(fields)s.") % values
            found.append(LeftOut(words.sentences(said, reason)))
        else:
            said = ngettext(
                "%(count)s setting is not on this form.",
                "%(count)s settings are not on this form.",
                len(labels),
            )
            counted = words.sentences(said % {"count": len(labels)}, reason)
            found.append(LeftOut(counted, values["fields"]))
    return found

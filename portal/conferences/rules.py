"""What may be done with a conference, and with which values: read from the account's room alone.

Pages ask the `reason_*` functions, to show what is off and why; services call the `require_*` and
`check_*` functions, which refuse with the same sentences.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.capabilities import Ability, FieldRule, Level
from integrations.base.records import CONFERENCE_FIELDS, Kind
from portal.common.errors import NotPossible
from portal.common.texts import Words, shown
from portal.conferences.models import Conference
from portal.platforms.models import PlatformAccount

# Fields that the portal has a use for even where a platform has no place for them.
OUR_OWN = frozenset(field.name for field in CONFERENCE_FIELDS if field.ours)
_REFUSALS = {
    "create": gettext_lazy("%(platform)s does not let Lectern take new %(things)s."),
    "update": gettext_lazy("%(platform)s does not let Lectern change %(things)s."),
    "delete": gettext_lazy("%(platform)s does not let Lectern remove %(things)s."),
}
# What is refused, as it stands within a sentence
_THINGS = {
    Kind.ATTENDEE: gettext_lazy("people"),
    Kind.GROUP: gettext_lazy("groups"),
    Kind.MEMBERSHIP: gettext_lazy("members of groups"),
    Kind.CONFERENCE: gettext_lazy("webinars"),
    Kind.MODERATOR: gettext_lazy("moderators"),
    Kind.REGISTRATION: gettext_lazy("registrations"),
    Kind.SESSION: gettext_lazy("sessions"),
    Kind.ATTENDANCE: gettext_lazy("attendance records"),
    Kind.RECORDING: gettext_lazy("recordings"),
}
NO_RULE = FieldRule()
FILL_IN = gettext_lazy("Please fill this in.")


def ability(account: PlatformAccount, kind: Kind, verb: str) -> Ability:
    """What the account's platform says of create, update or delete of a kind."""
    found: Ability = getattr(account.capabilities.kind(kind), verb)
    return found


def reaches_platform(account: PlatformAccount, kind: Kind, verb: str) -> bool:
    """Whether the platform hears of it at all; a thing kept in the portal only is not told."""
    return ability(account, kind, verb).offered


def reason_against(account: PlatformAccount, kind: Kind, verb: str) -> str:
    """Why the account's platform does not let us; empty where it does."""
    found = ability(account, kind, verb)
    if found.level in (Level.FULL, Level.PORTAL_ONLY):
        return ""
    values = {"platform": account.platform_name, "things": _THINGS[kind]}
    return shown(found.sentence) or str(_REFUSALS[verb] % values)


def require_ability(account: PlatformAccount, kind: Kind, verb: str) -> None:
    """Raise NotPossible with the capability's own sentence."""
    reason = reason_against(account, kind, verb)
    if reason:
        raise NotPossible(reason)


def field_rule(account: PlatformAccount, name: str) -> FieldRule | None:
    """The rule of a conference field or of an `options.<name>`; None where there is no place."""
    capabilities = account.capabilities
    own = capabilities.kind(Kind.CONFERENCE).fields
    if name.startswith("options."):
        # What is said of this very account goes before what is true of its platform.
        rules = {f"options.{option.name}": option.rule for option in capabilities.options}
        return own.get(name) or rules.get(name) if name in rules else None
    return own.get(name)


def reason_off(account: PlatformAccount, name: str, *, on_update: bool) -> str:
    """Why a field cannot be set now; empty where it can."""
    rule, platform = field_rule(account, name), account.platform_name
    if rule is None:
        plain = "" if name in OUR_OWN else _("%(platform)s has no such setting.")
    elif on_update and not rule.on_update:
        plain = _("%(platform)s does not change this once the webinar exists there.")
    elif not on_update and not rule.on_create:
        plain = _("%(platform)s sets this itself when the webinar is made.")
    else:
        return ""
    said = shown(rule.sentence) if rule else ""
    return said or plain % {"platform": platform}


def check_values(
    account: PlatformAccount, values: Mapping[str, Any], *, on_update: bool, required: bool
) -> None:
    """Raise NotPossible, with a text beside each field that the platform would not take.

    `values` are those to be set, options as `options.<name>`; `required` asks for completeness.
    """
    problems: dict[str, list[str]] = {}
    for name, value in values.items():
        reason = reason_off(account, name, on_update=on_update)
        found = [reason] if reason else faults(account, name, value)
        if required and not reason and value in ("", None) and _needed(account, name):
            found = [str(FILL_IN)]
        if found:
            problems[name] = found
    if required and not on_update:
        given = {n for n, value in values.items() if value not in ("", None)}
        problems |= {name: [str(FILL_IN)] for name in _needed_options(account) - given}
    if problems:
        raise NotPossible(_("Some values cannot be used. Nothing was saved."), problems)


def labels_needed(account: PlatformAccount) -> list[str]:
    """What an account asks for at every new webinar beside what all platforms do, as labels."""
    needed = _needed_options(account)
    options = account.capabilities.options
    return [shown(option.label) for option in options if f"options.{option.name}" in needed]


def _needed_options(account: PlatformAccount) -> set[str]:
    """The options without which the platform makes nothing for this account."""
    names = {f"options.{option.name}" for option in account.capabilities.options}
    return {name for name in names if _needed(account, name)}


def faults(account: PlatformAccount, name: str, value: Any) -> list[str]:
    """What is wrong with a value by the platform's rule for the field; empty where nothing is."""
    return _faults(field_rule(account, name) or NO_RULE, value)


def _needed(account: PlatformAccount, name: str) -> bool:
    rule = field_rule(account, name)
    return bool(rule and rule.required)


def _faults(rule: FieldRule, value: Any) -> list[str]:
    if value in ("", None) or isinstance(value, bool):
        return []
    if rule.choices and str(value) not in {str(key) for key, _label in rule.choices}:
        return [_("Please choose one of the listed values.")]
    if isinstance(value, str) and rule.maximum is not None and len(value) > rule.maximum:
        return [
            _("At most %(maximum)s characters fit; this has %(count)s.")
            % {"maximum": rule.maximum, "count": len(value)}
        ]
    if isinstance(value, int) and not _within(rule, value):
        return [limits(rule, *NUMBER)]
    reason = rule.reason_against(value) if rule.reason_against else ""
    return [shown(reason)] if reason else []


def _within(rule: FieldRule, value: int) -> bool:
    low = rule.minimum is None or value >= rule.minimum
    return low and (rule.maximum is None or value <= rule.maximum)


NUMBER = (
    gettext_lazy("Please enter a number from %(least)s to %(most)s."),
    gettext_lazy("Please enter a number of %(least)s or more."),
    gettext_lazy("Please enter a number of %(most)s or less."),
)


def limits(rule: FieldRule, both: Words, low: Words, high: Words) -> str:
    """A rule's numbers in the sentence for both, for the lower or for the upper one; empty where
    there are none."""
    if rule.minimum is None and rule.maximum is None:
        return ""
    words = high if rule.minimum is None else low if rule.maximum is None else both
    return str(words) % {"least": rule.minimum, "most": rule.maximum}


# Which change makes which completeness matter: an old gap in a row that a platform showed us must
# not stand in the way of mending its title.
_WHOLE = {
    "title": {"title"},
    "starts_at": {"starts_at", "permanent"},
    "duration_minutes": {"duration_minutes", "permanent"},
    "password": {"password", "access"},
}


def check_whole(conference: Conference, changed: Collection[str] | None = None) -> None:
    """Raise NotPossible where a conference that is no draft lacks what makes it one.

    `changed` limits the question to what those fields touch; None asks for everything.
    """
    missing = {
        name: [text]
        for name, text in _missing(conference).items()
        if changed is None or _WHOLE[name] & set(changed)
    }
    if missing:
        raise NotPossible(_("Something is missing. Nothing was saved."), missing)


def _missing(conference: Conference) -> dict[str, str]:
    found: dict[str, str] = {}
    if not conference.title.strip():
        found["title"] = _("Please give it a title.")
    if not conference.permanent and conference.starts_at is None:
        found["starts_at"] = _("Please say when it starts.")
    if not conference.permanent and not conference.duration_minutes:
        found["duration_minutes"] = _("Please say how long it takes.")
    if conference.access == Conference.Access.PASSWORD and not conference.password:
        found["password"] = _("Please set the password that people will need.")
    return found


def reason_over(conference: Conference) -> str:
    """Why a conference is not to come any more, for those who take part; empty where it is."""
    if conference.removed_at:
        return _("This webinar was cancelled and does not take place.")
    return _("This webinar is over.") if conference.state == Conference.State.ENDED else ""


def reason_frozen(conference: Conference) -> str:
    """Why a conference can no longer be changed; empty where it can."""
    if conference.removed_at:
        return _("This webinar was cancelled. Duplicate it to run it again.")
    if conference.gone_at:
        name = conference.account.platform_name
        return _(
            "%(platform)s no longer has this webinar. First choose what should become of it."
        ) % {"platform": name}
    return ""


def require_open_to_change(conference: Conference) -> None:
    """Raise NotPossible for a conference that is cancelled, or gone on its platform."""
    reason = reason_frozen(conference)
    if reason:
        raise NotPossible(reason)

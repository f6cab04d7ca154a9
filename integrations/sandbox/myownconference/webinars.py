"""The commands that plan webinars. Times are the wall clock of the profile's zone."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.myownconference import settings_form, zone
from integrations.sandbox.myownconference.account import ACTIVE, FINISHED, MyOwnConferenceAccount
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.myownconference.shapes import (
    LISTED,
    done,
    info,
    listed,
    made,
    own_webinar,
)
from integrations.sandbox.store import Row

LONGEST_MINUTES = 1439
LANGUAGES = (
    "be",
    "bg",
    "de",
    "en",
    "es",
    "et",
    "fr",
    "it",
    "lt",
    "lv",
    "pl",
    "pt",
    "ru",
    "sl",
    "tr",
    "uk",
)
CHANGEABLE = (
    "alias",
    "name",
    "description",
    "start",
    "duration",
    "close",
    "language",
    "logo",
    "logotype_url",
    "banner",
    "banner_url",
    "google_id",
    "settings",
)
# What a copy takes over; those invited are not among it.
COPIED = (
    "name",
    "description",
    "duration",
    "close",
    "language",
    "settings",
    "letters",
    "letters_on",
    "logo",
    "logotype_url",
    "banner",
    "banner_url",
    "google_id",
)


def create(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsCreate."""
    params.known("name", "description", "start", "duration")
    name = params.text("name", required=True) or ""
    wall = params.stamp("start", required=True)
    minutes = params.number("duration", 1, LONGEST_MINUTES, required=True) or 0
    webinar = account.add_webinar(
        name,
        start=account.zone.read(wall) if wall else None,
        duration=minutes,
        description=params.text("description") or "",
    )
    return made(account, "Webinar was created", webinar)


def change(account: MyOwnConferenceAccount, params: Params) -> Any:
    """Only what is sent changes. Names that are only read, such as `status`, are refused."""
    params.known(*CHANGEABLE)
    webinar = own_webinar(account, params)
    wall = params.stamp("start")
    values: Row = {
        "name": params.text("name", required="name" in params),
        "description": params.text("description"),
        "start": account.zone.read(wall) if wall else None,
        "duration": params.number("duration", 1, LONGEST_MINUTES),
        "close": params.flag("close"),
        "language": params.choice("language", LANGUAGES),
        "settings": settings_form.read(account, params.inner("settings")),
        **{name: params.picture(name) for name in ("logo", "banner")},
        **{name: params.text(name) for name in ("logotype_url", "banner_url", "google_id")},
    }
    values = {name: value for name, value in values.items() if value is not None}
    account.edit_webinar(webinar["alias"], **values)
    return done("Webinar was updated")


def delete(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsDelete."""
    params.known("alias")
    account.delete_webinar(own_webinar(account, params)["alias"])
    return done("Webinar was deleted")


def clone(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The same hour by the clock on the wall, on another date; with the same moderators."""
    params.known("alias", "date")
    webinar = own_webinar(account, params)
    day = params.date("date", required=True)
    hour = zone.parse_stamp(account.zone.shown(webinar["start"])).time()
    if day is None:
        raise Refusal("Parameter date is required")
    start = account.zone.read(day.replace(hour=hour.hour, minute=hour.minute, second=hour.second))
    copy = account.add_webinar(start=start, **{name: _copied(webinar[name]) for name in COPIED})
    for person in account.moderators_of(webinar["id"]):
        account.assign(copy["alias"], person["email"])
    return made(account, "Webinar was cloned", copy)


def list_all(account: MyOwnConferenceAccount, params: Params) -> Any:
    """Neither duration nor status, and not paged; the latest start comes first."""
    params.known("fields", "status", "date")
    fields = params.fields(LISTED, LISTED)
    status = params.choice("status", (ACTIVE, FINISHED))
    day = params.date("date")
    return [
        listed(account, webinar, fields)
        for webinar in account.webinars()
        if status in (None, account.status(webinar))
        and (day is None or account.zone.shown(webinar["start"])[:10] == f"{day:%Y-%m-%d}")
    ]


def get_info(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsGetInfo."""
    params.known("alias")
    return info(account, own_webinar(account, params))


def _copied(value: Any) -> Any:
    """Rows of two webinars must not share what is inside them."""
    return {key: _copied(one) for key, one in value.items()} if isinstance(value, dict) else value

"""profileGet and profileSet."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.myownconference import zone
from integrations.sandbox.myownconference.account import MyOwnConferenceAccount
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.myownconference.settings import yes_no
from integrations.sandbox.myownconference.shapes import done
from integrations.sandbox.store import Row

FIELDS = (
    "name",
    "email",
    "timezone",
    "timemove",
    "language",
    "gateway",
    "subscribe",
    "company",
)
LANGUAGES = ("EN", "DE", "ES", "FR", "PL", "RU", "UK")
# INTERKASSA can be read, but no longer chosen.
GATEWAYS = ("PAYSERA", "PAYPAL")


def get(account: MyOwnConferenceAccount, params: Params) -> Any:
    """Parameters are a list of fields; an empty one means all."""
    row = account.profile
    shape = {
        **row,
        "timezone": str(row["timezone"]),
        "timemove": yes_no(row["timemove"]),
        "subscribe": yes_no(row["subscribe"]),
    }
    return {name: shape[name] for name in params.values(FIELDS) or FIELDS}


def change(account: MyOwnConferenceAccount, params: Params) -> Any:
    """`email` cannot be changed here."""
    params.known(*(name for name in FIELDS if name != "email"))
    values: Row = {
        "name": params.full_name(required="name" in params),
        "language": params.choice("language", LANGUAGES),
        "gateway": params.choice("gateway", GATEWAYS),
        "subscribe": params.flag("subscribe"),
        "company": params.text("company", longest=1000),
        "timemove": params.flag("timemove"),
        "timezone": params.number("timezone", -720, 780),
    }
    values = {name: value for name, value in values.items() if value is not None}
    if not values:
        raise Refusal("Nothing to change")
    if values.get("timezone", 0) not in zone.VALUES:
        raise Refusal("Parameter timezone must be one of the time zone table")
    account.set_profile(**values)
    return done("Profile was updated")

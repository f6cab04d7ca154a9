"""What stands beside the rooms: contacts, time zones, phone gateways, ping."""

from __future__ import annotations

import re
from typing import Any

from integrations.sandbox.clickmeeting import moments
from integrations.sandbox.clickmeeting.refusal import not_found
from integrations.sandbox.clickmeeting.request import ApiRequest

# Numbers from the ranges that are kept free for fiction.
GATEWAYS = (
    ("US", "New York", "+1 (212) 555-0142", "40.7128", "-74.0060"),
    ("GB", "London", "+44 20 7946 0142", "51.5074", "-0.1278"),
    ("DE", "Berlin", "+49 30 23125 142", "52.5200", "13.4050"),
    ("PL", "Gdansk", "+48 58 555 01 42", "54.3520", "18.6466"),
)


def ping(request: ApiRequest) -> Any:
    return {"ping": "pong"}


def add_contact(request: ApiRequest) -> Any:
    """A known address is updated. There is no call that reads contacts back."""
    fields = request.fields
    contact = {
        "email": fields.email("email", required=True),
        "firstname": fields.text("firstname", required=True),
        "lastname": fields.text("lastname", required=True),
        "phone": fields.text("phone"),
        "company": fields.text("company"),
        "country": fields.text("country"),
    }
    if contact["country"] and contact["country"].upper() not in moments.zones_by_country():
        fields.wrong("country", "The country is an ISO 3166 code of two letters.")
    fields.check()
    _keep({name: value for name, value in contact.items() if value is not None}, request)
    return {"status": "OK"}


def time_zones(request: ApiRequest) -> Any:
    return moments.listed_zones()


def time_zones_of(request: ApiRequest, country: str) -> Any:
    """A code that is no country has none: the official PHP example asks for "en"."""
    zones = moments.zones_by_country().get(country.upper(), [])
    if not zones and not re.fullmatch("[A-Za-z]{2}", country):
        raise not_found("country")
    return zones


def phone_gateways(request: ApiRequest) -> Any:
    return [
        {"code": code, "location": place, "value": value, "geo": {"lat": north, "long": east}}
        for code, place, value, north, east in GATEWAYS
    ]


def _keep(contact: dict[str, Any], request: ApiRequest) -> None:
    store, email = request.account.store, contact["email"].casefold()
    known = [row for row in store.rows("contacts") if row["email"].casefold() == email]
    if known:
        store.change("contacts", known[0]["id"], **contact)
    else:
        store.add("contacts", contact)

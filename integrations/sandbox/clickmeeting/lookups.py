"""What stands beside the rooms: contacts, time zones, phone gateways, ping."""

from __future__ import annotations

import re
from typing import Any

from integrations.sandbox.clickmeeting import moments
from integrations.sandbox.clickmeeting.ask import Ask
from integrations.sandbox.clickmeeting.refusal import not_found

# Numbers from the ranges that are kept free for fiction.
GATEWAYS = (
    ("US", "New York", "+1 (212) 555-0142", "40.7128", "-74.0060"),
    ("GB", "London", "+44 20 7946 0142", "51.5074", "-0.1278"),
    ("DE", "Berlin", "+49 30 23125 142", "52.5200", "13.4050"),
    ("PL", "Gdansk", "+48 58 555 01 42", "54.3520", "18.6466"),
)


def ping(ask: Ask) -> Any:
    return {"ping": "pong"}


def add_contact(ask: Ask) -> Any:
    """A known address is updated. There is no call that reads contacts back."""
    fields = ask.fields
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
    _keep({name: value for name, value in contact.items() if value is not None}, ask)
    return {"status": "OK"}


def time_zones(ask: Ask) -> Any:
    return moments.listed_zones()


def time_zones_of(ask: Ask, country: str) -> Any:
    """A code that is no country has none: the official PHP example asks for "en"."""
    zones = moments.zones_by_country().get(country.upper(), [])
    if not zones and not re.fullmatch("[A-Za-z]{2}", country):
        raise not_found("country")
    return zones


def phone_gateways(ask: Ask) -> Any:
    return [
        {"code": code, "location": place, "value": value, "geo": {"lat": north, "long": east}}
        for code, place, value, north, east in GATEWAYS
    ]


def _keep(contact: dict[str, Any], ask: Ask) -> None:
    store, email = ask.account.store, contact["email"].casefold()
    known = [row for row in store.rows("contacts") if row["email"].casefold() == email]
    if known:
        store.change("contacts", known[0]["id"], **contact)
    else:
        store.add("contacts", contact)

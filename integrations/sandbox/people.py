"""A small town of made-up people, under domains that are reserved for examples."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_NAMES = (
    "Ada",
    "Bruno",
    "Clara",
    "Dario",
    "Edda",
    "Fabian",
    "Greta",
    "Henrik",
    "Ilse",
    "Jonas",
    "Karla",
    "Lorenz",
    "Mira",
    "Nils",
    "Orla",
    "Pavel",
    "Rosa",
    "Stefan",
    "Thea",
    "Zoë",
)
LAST_NAMES = (
    "Amberg",
    "Birchwood",
    "Castell",
    "Dunmore",
    "Ebner",
    "Fairweather",
    "Grönland",
    "Hollis",
    "Ivory",
    "Jurek",
    "Kestrel",
)
DOMAINS = ("example.com", "example.org", "example.net")
_PLAIN = str.maketrans({"ë": "e", "ö": "oe"})


@dataclass(frozen=True)
class Person:
    first_name: str
    last_name: str
    email: str


def _person(place: int) -> Person:
    """Twenty and eleven have no common divisor: 220 people, each pair of names once."""
    first, last = FIRST_NAMES[place % len(FIRST_NAMES)], LAST_NAMES[place % len(LAST_NAMES)]
    address = f"{first}.{last}".lower().translate(_PLAIN)
    return Person(first, last, f"{address}@{DOMAINS[place % len(DOMAINS)]}")


PEOPLE = tuple(_person(place) for place in range(len(FIRST_NAMES) * len(LAST_NAMES)))

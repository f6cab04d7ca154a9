"""Made-up people for the demo: as many as an event has, and none who could exist."""

from itertools import product

from portal.conferences.models import Attendee

_FIRST = (
    "Abel",
    "Bea",
    "Cosmo",
    "Dora",
    "Elmo",
    "Flora",
    "Gus",
    "Hetty",
    "Igor",
    "Juno",
    "Kit",
    "Lola",
    "Milo",
    "Nora",
    "Otto",
    "Pia",
    "Quentin",
    "Rita",
    "Sol",
    "Tess",
)
_LAST = (
    "Amberley",
    "Brightwater",
    "Copperfield",
    "Dandelion",
    "Elderflower",
    "Fernhill",
    "Goldfinch",
    "Honeycomb",
    "Inkwell",
    "Juniper",
    "Kettleworth",
    "Lanternjack",
    "Marzipan",
    "Nettlebed",
    "Oakenshield",
    "Pepperpot",
    "Quillfeather",
)
_COMPANIES = ("Example Breweries", "Sample & Sons", "Specimen Shipping", "Placeholder Press")

# Group -> (what it is for, first person, how many): slices of the list below.
GROUPS = {
    "Spring customers": ("Everyone who is invited to the customer webinars.", 0, 300),
    "Partners": ("Resellers and integrators.", 280, 40),
    "Speakers' dry run": ("Those who try a webinar before it opens.", 300, 8),
}


def people() -> list[Attendee]:
    """All of them, unsaved, always in the same order."""
    return [
        Attendee(
            email=f"{first}.{last}@example.{'org' if number % 5 == 0 else 'com'}".lower(),
            first_name=first,
            last_name=last,
            company=_COMPANIES[number % len(_COMPANIES)],
        )
        for number, (last, first) in enumerate(product(_LAST, _FIRST))
    ]

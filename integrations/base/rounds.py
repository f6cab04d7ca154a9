"""Lengths that a page may have because the platform's own limit ends it, and not the list."""

# What frameworks take where nothing else is said.
USUAL = (15,)


def is_round(length: int) -> bool:
    """Whether a page of this length may be one of several, though more rows were asked for."""
    return length > 0 and (length % 10 == 0 or length % 25 == 0 or length in USUAL)

"""Ids that are composed of a number of theirs and something else."""

from integrations.base.ids import number, unknown
from integrations.webinarfuel.payloads import PLATFORM


def pair(external_id: str) -> tuple[str, str]:
    """(their identifier, the rest) of "12/rest"; RecordNotFound where there is no such pair."""
    first, _, rest = external_id.partition("/")
    if not rest:
        raise unknown(PLATFORM)
    return number(first, PLATFORM), rest


def numbers(external_id: str) -> tuple[str, str]:
    """Both identifiers of "12/34"."""
    first, rest = pair(external_id)
    return first, number(rest, PLATFORM)

"""Identifiers of ours that are composed of two of theirs: "alias/address", "group/address".

What stands behind the first slash is an address, a recording or the one run of a webinar, and is
not encoded: an alias and a group's id hold no slash.
"""

from integrations.base.errors import RecordNotFound
from integrations.base.texts import say
from integrations.myownconference.payloads import PLATFORM


def unknown(what: str) -> RecordNotFound:
    """The error for what no listing of the account shows."""
    return RecordNotFound(
        say("%(platform)s does not list such a %(what)s.", platform=PLATFORM, what=what),
        platform=PLATFORM,
        operation=what,
    )


def split(external_id: str) -> tuple[str, str]:
    """The two identifiers inside one of ours. Raises RecordNotFound for what is none of ours."""
    parent, _, rest = external_id.partition("/")
    if not parent or not rest:
        raise unknown("record")
    return parent, rest

"""What ClickMeeting does on request: links, letters, tokens, reports; files are in `content`."""

import re
from collections.abc import Mapping
from typing import Any

from integrations.base.errors import refused
from integrations.base.ids import split
from integrations.base.reading import rows
from integrations.base.texts import _, say
from integrations.clickmeeting.actions import content
from integrations.clickmeeting.client import Client
from integrations.clickmeeting.mapping import after, people
from integrations.clickmeeting.mapping.conference import conference_in, decode
from integrations.clickmeeting.payloads import PLATFORM

MOST_TOKENS = 1000
ROLES = ("listener", "presenter", "host")
# What an invitation may say, and what is wrong with anything else.
INVITATION_CHOICES = {
    "role": (("listener", "presenter"), _("The role is listener or presenter.")),
    "template": (("basic", "advanced"), _("The template is basic or advanced.")),
}


def personal_link(client: Client, room_id: str, person: Mapping[str, Any]) -> str:
    """A link that lets one person (email, name, role; password of the room) in.

    Two calls, or three where the room asks for a token: the room's address and access are read
    first, since the answer to the link holds the hash alone. A token is always a new one: no call
    says that a token was given away through a link, so an unused one may be someone else's.
    """
    email = str(person.get("email") or "").strip()
    role = str(person.get("role") or "listener")
    if not email:
        raise refused(PLATFORM, "email", _("A personal link needs an e-mail address."))
    if role not in ROLES:
        raise refused(PLATFORM, "role", _("The role is listener, presenter or host."))
    room = decode(conference_in(client.get_conference(room_id)))
    address = room.facts.get("room_url", "")
    if not address:
        raise conference_in({}).broken("room_url")
    secrets = _entry(client, room_id, room.fields.get("access"), person)
    sent = people.encode_personal_link(email, str(person.get("name") or ""), role, secrets)
    return people.personal_link(client.autologin_hash(room_id, sent), address)


def _entry(
    client: Client, room_id: str, access: str | None, person: Mapping[str, Any]
) -> dict[str, str]:
    """What the room asks for at its door."""
    if access == "token":
        return {"token": people.tokens(client.generate_tokens(room_id, 1))[0]["token"]}
    if access != "password":
        return {}
    if not person.get("password"):
        raise refused(
            PLATFORM,
            "password",
            _("This webinar has a password, and a link can be made with it only."),
        )
    return {"password": str(person["password"])}


def invite(client: Client, room_id: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """`attendees` (addresses), `lang`, and if wanted `role` and `template`."""
    given = arguments.get("attendees") or ()
    named = re.split(r"[\s,;]+", given) if isinstance(given, str) else given
    addresses = [str(address).strip() for address in named if address]
    if not addresses:
        raise refused(PLATFORM, "attendees", _("There is no one to invite."))
    sent: dict[str, Any] = {"attendees": [{"email": address} for address in addresses]}
    for name, (choices, sentence) in INVITATION_CHOICES.items():
        if value := arguments.get(name):
            if value not in choices:
                raise refused(PLATFORM, name, sentence)
            sent[name] = value
    people.confirm(
        client.send_invitation(room_id, str(arguments.get("lang") or "en"), sent), "invitation"
    )
    return {"invited": len(addresses)}


def report(client: Client, session: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The PDF report of a session in `lang`: status, percent, and its address once finished."""
    room_id, session_id = split(session, 2, PLATFORM)
    return after.report(
        client.generate_pdf(room_id, session_id, str(arguments.get("lang") or "en"))
    )


def join_link(client: Client, room_id: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A personal link for `email`, `name`, `role`, and the room's `password` where it has one."""
    return {"join_url": personal_link(client, room_id, arguments)}


def list_tokens(client: Client, room_id: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """All access tokens of a room."""
    return {"rows": people.tokens(client.list_tokens(room_id))}


def generate_tokens(client: Client, room_id: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """`how_many` new access tokens."""
    how_many = arguments.get("how_many")
    if type(how_many) is not int or not 1 <= how_many <= MOST_TOKENS:
        raise refused(
            PLATFORM,
            "how_many",
            say("Between 1 and %(most)d tokens can be made at once.", most=MOST_TOKENS),
        )
    return {"rows": people.tokens(client.generate_tokens(room_id, how_many))}


def delete_recordings(client: Client, room_id: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Every recording of a room."""
    people.confirm(client.delete_recordings(room_id), people.DELETION)
    return {}


def session_registrations(
    client: Client, session: str, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """Who was registered for one run of a room."""
    room_id, session_id = split(session, 2, PLATFORM)
    found = rows(client.list_session_registrations(room_id, session_id), "registration", PLATFORM)
    shown = [people.decode_registration(row, room_id).fields for row in found]
    return {"rows": [dict(fields) for fields in shown]}


ACTIONS = {
    "invite_by_platform": invite,
    "generate_report": report,
    "join_link": join_link,
    "access_tokens": list_tokens,
    "generate_access_tokens": generate_tokens,
    "delete_all_recordings": delete_recordings,
    "session_registrations": session_registrations,
    **content.READS,
    **content.CHANGES,
}
DOWNLOADS = content.DOWNLOADS

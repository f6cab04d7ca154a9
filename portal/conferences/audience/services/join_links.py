"""Hand out a way in to a person who asked for it: who, whose and when stand in the history."""

from django.contrib.auth.models import User

from integrations.base.records import Kind
from portal.conferences import history, sentences
from portal.conferences.links import join_link
from portal.conferences.models import Conference, Moderator, Recording, Registration
from portal.identity import access
from portal.identity.access import ProtectedItem


def personal_link(person: Registration | Moderator, by: User | None) -> str:
    """Our link of somebody who is registered, or who runs a webinar. Raises NotAllowed."""
    registered = isinstance(person, Registration)
    access.require(by, ProtectedItem.REGISTRATION if registered else ProtectedItem.MODERATOR)
    kind = Kind.REGISTRATION if registered else Kind.MODERATOR
    whose = person.attendee if isinstance(person, Registration) else person.name or person.email
    history.record(
        "link asked for",
        kind,
        person.pk,
        actor=by,
        conference_id=person.conference_id,
        sentence=sentences.LINK_ASKED_FOR(person=str(whose)),
    )
    return join_link(person.token)


def list_with_links(conference: Conference, by: User | None) -> None:
    """Before a list with the personal links of a webinar goes out. Raises NotAllowed."""
    access.require(by, ProtectedItem.LIST)
    history.record(
        "list taken out",
        Kind.CONFERENCE,
        conference.pk,
        actor=by,
        conference_id=conference.pk,
        sentence=sentences.LIST_TAKEN_OUT,
    )


def recording(row: Recording, by: User | None) -> None:
    """After the address of a recording was asked for."""
    history.record(
        "recording asked for",
        Kind.RECORDING,
        row.pk,
        actor=by,
        conference_id=row.conference_id,
        sentence=sentences.RECORDING_ASKED_FOR,
    )

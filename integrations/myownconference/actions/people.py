"""Links, bans, and what belongs to the account rather than to a webinar."""

from integrations.base.reading import rows
from integrations.myownconference.actions.content import image
from integrations.myownconference.actions.desk import Action, Arguments, Desk, Result, text
from integrations.myownconference.clock import FIELDS
from integrations.myownconference.line import PLATFORM
from integrations.myownconference.mapping import after, people
from integrations.myownconference.mapping.reading import confirm, decode_profile, refuse
from integrations.myownconference.own import split, unknown

CHANGEABLE = ("name", "language", "company", "subscribe")


def join_link(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """The personal link of the person `email`, who must be registered for the webinar."""
    email = text(arguments, "email", "an e-mail address").lower()
    link = desk.registrations.link(alias, email)
    if not link:
        raise refuse("email", f"{PLATFORM} has a link only for people who are registered.")
    return {"join_url": link}


def room_links(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """The link of each moderator: a call for each whose links are not known yet."""
    found = []
    for row in desk.moderators.rows(alias):
        email = row.email("email") or ""
        link = desk.moderators.link(alias, email)
        found.append({"id": email, "name": row.text("name") or "", "link": link})
    return {"rows": found}


def person_webinars(desk: Desk, email: str, arguments: Arguments) -> Result:
    """All webinars of a participant, with their link into each."""
    answer = desk.client.attendees_rooms(_address(email))
    return {"rows": after.webinars(answer, "attendeeLink")}


def person_groups(desk: Desk, email: str, arguments: Arguments) -> Result:
    """All groups that a participant is in."""
    found = people.group_rows(desk.client.attendees_common_groups([_address(email)]))
    groups = [people.decode_group(row) for row in found]
    return {"rows": [{"id": g.external_id, "name": g.fields["name"]} for g in groups]}


def lift_ban(desk: Desk, email: str, arguments: Arguments) -> Result:
    """Let a participant in again who was blocked in a room."""
    confirm(desk.client.attendees_unbanned([_address(email)]), "participant")
    return {}


def remove_person(desk: Desk, email: str, arguments: Arguments) -> Result:
    """Remove a participant from the account and all its webinars."""
    desk.attendees.delete(_address(email))
    return {}


def moderator_webinars(desk: Desk, external_id: str, arguments: Arguments) -> Result:
    """All webinars of a moderator, with their link into each."""
    answer = desk.client.moderators_rooms(split(external_id)[1])
    return {"rows": after.webinars(answer, "moderatorLink")}


def moderator_picture(desk: Desk, external_id: str, arguments: Arguments) -> Result:
    """Show the picture `content` instead of the moderator's camera."""
    changes = {"avatar": image(arguments)}
    confirm(desk.client.moderators_set(split(external_id)[1], changes), "moderator")
    return {}


def account_moderators(desk: Desk, target: str, arguments: Arguments) -> Result:
    """The moderators of the account."""
    answer = desk.client.moderators_list({"fields": []})
    return {
        "rows": [
            {
                "id": row.email("email") or "",
                "name": row.text("name") or "",
                "main": "yes" if row.flag("main") else "no",
                "since": row.text("registered") or "",
            }
            for row in rows(answer, "moderator", PLATFORM)
        ]
    }


def delete_moderator(desk: Desk, target: str, arguments: Arguments) -> Result:
    """Remove the moderator with the address `id` from the account."""
    email = text(arguments, "id", "a moderator").lower()
    if desk.moderators.of_account(email) is None:
        raise unknown("moderator")
    confirm(desk.client.moderators_delete([email]), "deletion")
    return {}


def profile(desk: Desk, target: str, arguments: Arguments) -> Result:
    """Whose account it is, and by which clock it tells times."""
    found = decode_profile(desk.client.profile_get(FIELDS))
    return {
        "facts": {
            "Name": found.name,
            "E-mail": found.email,
            "Minutes from GMT": found.minutes,
            "Summer time": "is taken into account" if found.timemove else "is not used",
        }
    }


def change_profile(desk: Desk, target: str, arguments: Arguments) -> Result:
    """Set `name`, `language`, `company`, `subscribe` (YES or NO); what is empty is not sent."""
    sent = {name: str(arguments[name]) for name in CHANGEABLE if arguments.get(name)}
    if not sent:
        raise refuse("name", "Nothing was chosen.")
    confirm(desk.client.profile_set(sent), "profile")
    return {}


def _address(email: str) -> str:
    if "@" not in email:
        raise unknown("participant")
    return email


ACTIONS: dict[str, Action] = {
    "join_link": join_link,
    "room_links": room_links,
    "person_webinars": person_webinars,
    "person_groups": person_groups,
    "lift_ban": lift_ban,
    "remove_person": remove_person,
    "moderator_webinars": moderator_webinars,
    "moderator_picture": moderator_picture,
    "account_moderators": account_moderators,
    "delete_moderator": delete_moderator,
    "profile": profile,
    "change_profile": change_profile,
}

"""Links, bans, and what belongs to the account rather than to a webinar."""

from typing import cast

from integrations.base.errors import refused
from integrations.base.reading import rows
from integrations.base.texts import _, say
from integrations.myownconference.actions.arguments import Action, Arguments, Result, needed
from integrations.myownconference.actions.content import image
from integrations.myownconference.adapter.context import Context
from integrations.myownconference.mapping import after, people
from integrations.myownconference.mapping.answers import confirm
from integrations.myownconference.mapping.ids import split, unknown
from integrations.myownconference.mapping.profile import FIELDS, decode_profile
from integrations.myownconference.payloads import PLATFORM, ModeratorChange, ProfileChange

CHANGEABLE = ("name", "language", "company", "subscribe")


def join_link(context: Context, alias: str, arguments: Arguments) -> Result:
    """The personal link of the person `email`, who must be registered for the webinar."""
    email = needed(arguments, "email", _("Please give an e-mail address.")).lower()
    link = context.registrations.link(alias, email)
    if not link:
        raise refused(
            PLATFORM,
            "email",
            say("%(platform)s has a link only for people who are registered.", platform=PLATFORM),
        )
    return {"join_url": link}


def room_links(context: Context, alias: str, arguments: Arguments) -> Result:
    """The link of each moderator: a call for each whose links are not known yet."""
    found = []
    for row in context.moderators.rows(alias):
        email = row.email("email") or ""
        link = context.moderators.link(alias, email)
        found.append({"id": email, "name": row.text("name") or "", "link": link})
    return {"rows": found}


def person_webinars(context: Context, email: str, arguments: Arguments) -> Result:
    """All webinars of a participant, with their link into each."""
    answer = context.client.attendees_rooms(_address(email))
    return {"rows": after.webinars(answer, "attendeeLink")}


def person_groups(context: Context, email: str, arguments: Arguments) -> Result:
    """All groups that a participant is in."""
    found = people.group_rows(context.client.attendees_common_groups([_address(email)]))
    groups = [people.decode_group(row) for row in found]
    return {"rows": [{"id": g.external_id, "name": g.fields["name"]} for g in groups]}


def lift_ban(context: Context, email: str, arguments: Arguments) -> Result:
    """Let a participant in again who was blocked in a room."""
    confirm(context.client.attendees_unbanned([_address(email)]), "participant")
    return {}


def remove_person(context: Context, email: str, arguments: Arguments) -> Result:
    """Remove a participant from the account and all its webinars."""
    context.attendees.delete(_address(email))
    return {}


def moderator_webinars(context: Context, external_id: str, arguments: Arguments) -> Result:
    """All webinars of a moderator, with their link into each."""
    answer = context.client.moderators_rooms(split(external_id)[1])
    return {"rows": after.webinars(answer, "moderatorLink")}


def moderator_picture(context: Context, external_id: str, arguments: Arguments) -> Result:
    """Show the picture `content` instead of the moderator's camera."""
    changes: ModeratorChange = {"avatar": image(arguments)}
    confirm(context.client.moderators_set(split(external_id)[1], changes), "moderator")
    return {}


def account_moderators(context: Context, target: str, arguments: Arguments) -> Result:
    """The moderators of the account."""
    answer = context.client.moderators_list({"fields": []})
    return {
        "rows": [
            {
                "id": row.email("email") or "",
                "name": row.text("name") or "",
                "main": _("yes") if row.flag("main") else _("no"),
                "since": row.text("registered") or "",
            }
            for row in rows(answer, "moderator", PLATFORM)
        ]
    }


def delete_moderator(context: Context, target: str, arguments: Arguments) -> Result:
    """Remove the moderator with the address `id` from the account."""
    email = needed(arguments, "id", _("Please give a moderator.")).lower()
    if context.moderators.of_account(email) is None:
        raise unknown("moderator")
    confirm(context.client.moderators_delete([email]), "deletion")
    return {}


def profile(context: Context, target: str, arguments: Arguments) -> Result:
    """Whose account it is, and by which clock it tells times."""
    found = decode_profile(context.client.profile_get(FIELDS))
    return {
        "facts": {
            _("Name"): found.name,
            _("E-mail"): found.email,
            _("Minutes from GMT"): found.minutes,
            _("Summer time"): _("is taken into account") if found.timemove else _("is not used"),
        }
    }


def change_profile(context: Context, target: str, arguments: Arguments) -> Result:
    """Set `name`, `language`, `company`, `subscribe` (YES or NO); what is empty is not sent."""
    given = {name: str(arguments[name]) for name in CHANGEABLE if arguments.get(name)}
    sent = cast(ProfileChange, given)
    if not sent:
        raise refused(PLATFORM, "name", _("Nothing was chosen."))
    confirm(context.client.profile_set(sent), "profile")
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

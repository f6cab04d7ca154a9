"""What copying or moving a conference will do, before it is done."""

from typing import Any

from integrations.base.records import Kind
from portal.conferences import rules
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act
from portal.conferences.mails.services.news import with_values
from portal.conferences.models import Conference
from portal.conferences.schedule.forms.transfer import MOVE
from portal.conferences.schedule.services import transfer_preview
from portal.platforms.models import PlatformAccount
from portal.staff.presenters import words
from portal.staff.presenters.send_card import SendCard, send_card
from portal.staff.presenters.words import people
from portal.sync.services import transfer


def preview(
    conference: Conference, account: PlatformAccount, how: str, with_people: bool = False
) -> dict[str, Any]:
    """`will`: sentences; `left`: what cannot be preview over; `reason`: why it cannot be done."""
    move = how == MOVE
    if move:
        reason = transfer.reason_against_moving(conference, account)
    else:
        reason = rules.reason_against(account, Kind.CONFERENCE, "create")
    preview = transfer_preview.preview(conference, account)
    left = [
        {
            "label": words.label(one.name, conference),
            "value": words.value(one.name, one.value),
            "reason": one.reason,
        }
        for one in preview.left
        if one.name != "password"
    ]
    left += [
        {"label": one.name, "value": one.get_role_display(), "reason": _role_note(account, one)}
        for one in transfer_preview.roles_change(conference, account)
    ]
    will = _moved(conference, account) if move else _copied(conference, account, with_people)
    return {"will": will, "left": left, "reason": reason, "move": move}


def moving_card(conference: Conference, account: PlatformAccount, form: TellingForm) -> SendCard:
    """Who hears of a move, once the other platform has made the room."""
    there = with_values(conference, {"gone_at": None})
    there.account = account
    card = send_card(there, Act.RESCHEDULE, form)
    made = f"once {account.platform_name} has made the room"
    card.outlook = f"{card.people.capitalize()} will be notified {made}."
    return card


def _role_note(account: PlatformAccount, one: Any) -> str:
    role = transfer_preview.role_for(account, one.role)
    return f"{account.platform_name} knows no such role: they become {role}."


def _copied(conference: Conference, account: PlatformAccount, with_people: bool) -> list[str]:
    said = [f"A draft without a date is made for {account.label}. Nobody is notified."]
    registered = conference.registrations.filter(removed_at=None).count()
    if registered and with_people:
        who = people(registered)
        said.append(
            f"{who.capitalize()} of this webinar are taken into the copy. They hear nothing."
        )
    elif registered:
        said.append("The registered people stay with this webinar; the copy begins without any.")
    if reason := transfer_preview.reason_against(account, Kind.MODERATOR):
        said.append(f"Moderators stay behind. {reason}")
    return said


def _moved(conference: Conference, account: PlatformAccount) -> list[str]:
    old, new = conference.account, account
    registered = conference.registrations.filter(removed_at=None).count()
    said = [f"{new.platform_name} makes a new room on {new.label}."]
    if registered:
        said.append(
            f"{people(registered).capitalize()} are registered there and get a new personal link "
            "behind the address they already have."
        )
    if reason := transfer_preview.reason_against(new, Kind.REGISTRATION):
        said.append(f"The platform does not hear of registered people. {reason}")
    if conference.draft:
        return [*said, "The draft here is discarded."]
    if rules.reaches_platform(old, Kind.CONFERENCE, "delete") and not conference.gone_at:
        said.append(
            f"The room on {old.label} is deleted once everybody has a way into the new one. "
            + old.capabilities.cancel_sentence
        )
    else:
        said.append(f"The room on {old.label} stays; close it in {old.platform_name} by hand.")
    if conference.sessions.exists() or conference.recordings.exists():
        said.append("Sessions and recordings so far stay with the old webinar, in Lectern.")
    return said

"""What copying or moving a conference will do, before it is done."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.records import Kind
from portal.common.texts import shown
from portal.conferences import rules
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act
from portal.conferences.mails.services.news import with_values
from portal.conferences.models import Conference, Registration
from portal.conferences.schedule.forms.transfer import MOVE
from portal.conferences.schedule.services import clashes, transfer_preview
from portal.platforms.models import PlatformAccount
from portal.staff.presenters import words
from portal.staff.presenters.send_card import SendCard, send_card
from portal.staff.presenters.words import number, sentences
from portal.staff.webinars.presenters.clashes import ClashWarning
from portal.sync.services import transfer


def preview(
    conference: Conference, account: PlatformAccount, how: str, with_people: bool = False
) -> dict[str, Any]:
    """`will`: sentences; `left`: what cannot be taken over; `reason`: why it cannot be done."""
    move = how == MOVE
    if move:
        reason = transfer.reason_against_moving(conference, account)
    else:
        reason = rules.reason_against(account, Kind.CONFERENCE, "create")
    preview = transfer_preview.preview(conference, account)
    left = [
        {
            "label": words.label(one.name, conference),
            "value": words.value(one.name, one.value, conference.account),
            "reason": one.reason,
        }
        for one in preview.left
        if one.name != "password"
    ]
    left += [
        {"label": one.name, "value": one.get_role_display(), "reason": _role_note(account, one)}
        for one in transfer_preview.roles_change(conference, account)
    ]
    will: list[str] = (
        _moved(conference, account) if move else _copied(conference, account, with_people)
    )
    if move:
        found = clashes.on(account, conference)
        will += ClashWarning(found, account.label, True, {}).sentences
    return {"will": will, "left": left, "reason": reason, "move": move}


def moving_card(conference: Conference, account: PlatformAccount, form: TellingForm) -> SendCard:
    """Who hears of a move, once the other platform has made the room."""
    there = with_values(conference, {"gone_at": None})
    there.account = account
    card = send_card(there, Act.RESCHEDULE, form)
    later = ngettext(
        "One person will be notified once %(platform)s has made the room.",
        "%(count)s people will be notified once %(platform)s has made the room.",
        card.count,
    )
    card.outlook = later % {"count": number(card.count), "platform": account.platform_name}
    return card


def _role_note(account: PlatformAccount, one: Any) -> str:
    role = transfer_preview.role_for(account, one.role)
    said = _("%(platform)s knows no such role: they become %(role)s.")
    return said % {"platform": account.platform_name, "role": words.value("role", role)}


def _copied(conference: Conference, account: PlatformAccount, with_people: bool) -> list[str]:
    first = _("A draft without a date is made for %(account)s. Nobody is notified.")
    said = [first % {"account": account.label}]
    registered, _others = _people(conference)
    if registered and with_people:
        come = ngettext(
            "One person of this webinar is taken into the copy, and hears nothing.",
            "%(count)s people of this webinar are taken into the copy. They hear nothing.",
            registered,
        )
        said.append(come % {"count": number(registered)})
    elif registered:
        said.append(_("The registered people stay with this webinar; the copy begins without any."))
    if reason := transfer_preview.reason_against(account, Kind.MODERATOR):
        said.append(sentences(_("Moderators stay behind."), reason))
    return said


def _people(conference: Conference) -> tuple[int, int]:
    """How many are registered, and how many are only invited or wait."""
    rows = conference.registrations
    registered = rows.filter(removed_at=None, stage=Registration.Stage.REGISTERED).count()
    return registered, rows.filter(Registration.LISTED).count() - registered


def _moved(conference: Conference, account: PlatformAccount) -> list[str]:
    new = account
    registered, others = _people(conference)
    made = _("%(platform)s makes a new room on %(account)s.")
    said = [made % {"platform": new.platform_name, "account": new.label}]
    reason = transfer_preview.reason_against(new, Kind.REGISTRATION)
    if registered and not reason:
        links = ngettext(
            "One person is registered there and gets a new personal link behind the address they "
            "already have.",
            "%(count)s people are registered there and get a new personal link behind the address "
            "they already have.",
            registered,
        )
        said.append(links % {"count": number(registered)})
    if others:
        come = ngettext(
            "One person who is only invited, or waits, comes along.",
            "%(count)s people who are only invited, or wait, come along.",
            others,
        )
        said.append(come % {"count": number(others)})
    if reason:
        said.append(sentences(_("The platform does not hear of registered people."), reason))
    if conference.draft:
        return [*said, _("The draft here is discarded.")]
    said.append(_old_room(conference))
    if conference.sessions.exists() or conference.recordings.exists():
        said.append(_("Sessions and recordings so far stay with the old webinar, in Lectern."))
    return said


def _old_room(conference: Conference) -> str:
    """What becomes of the room that is left."""
    old = conference.account
    if rules.reaches_platform(old, Kind.CONFERENCE, "delete") and not conference.gone_at:
        goes = _("The room on %(account)s is deleted once everybody has a way into the new one.")
        return sentences(goes % {"account": old.label}, shown(old.capabilities.cancel_sentence))
    stays = _("The room on %(account)s stays; close it in %(platform)s by hand.")
    return stays % {"account": old.label, "platform": old.platform_name}

"""What a confirmation says before something is done: here, on the platform, to how many people."""

import copy
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.base.records import Kind
from portal.common.texts import shown
from portal.conferences import rules
from portal.conferences.audience.services import invite, moderators, registrations
from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import Act, without_waiting
from portal.conferences.mails.services.news import with_values
from portal.conferences.models import Conference, Invitation, Moderator, Registration
from portal.conferences.schedule.services import clashes
from portal.conferences.schedule.services.cancel import REASON_LENGTH, reason_against_closing
from portal.outbox.models import OutboxEntry
from portal.staff.presenters.send_card import Question, queued_card, send_card
from portal.staff.presenters.words import number, people
from portal.staff.webinars.presenters import reminders
from portal.staff.webinars.presenters.buttons import cancel_label, reason_of_role, room_label
from portal.staff.webinars.presenters.clashes import ClashWarning


def cancelling(conference: Conference, user: User, data: Any) -> Question:
    """The page that asks whether a conference is to be called off."""
    form = TellingForm(
        data,
        label=_("Reason"),
        longest=REASON_LENGTH,
        kept=not conference.draft,
        help_text=_("Kept with the webinar. Those who are notified read it in their mail."),
    )
    label = cancel_label(conference)
    return Question(
        _("Discard this draft?") if conference.draft else _("Cancel this webinar?"),
        label,
        send_card(conference, Act.CANCEL, form, waits=not conference.gone_at),
        reverse("staff:conference-cancel", args=[conference.pk]),
        back=reverse("staff:conference", args=[conference.pk]),
        back_label=_("Keep it"),
        consequences=consequences(conference),
        danger=True,
        icon="no-symbol",
        reason=reason_of_role(user) or against_cancelling(conference),
    )


def against_cancelling(conference: Conference) -> str:
    """Why it cannot be called off; empty where it can."""
    if conference.removed_at:
        return _("It is cancelled already.")
    if conference.draft or conference.gone_at:
        return ""
    return rules.reason_against(conference.account, Kind.CONFERENCE, "delete")


def consequences(conference: Conference) -> list[str]:
    """What calling it off does, there and here."""
    account = conference.account
    platform = {"platform": account.platform_name}
    if conference.draft:
        if conference.registrations.filter(removed_at=None).exists():
            said = _("%(platform)s never heard of this draft. Mails that wait for it are not sent.")
            return [said % platform]
        return [_("%(platform)s never heard of this draft, and nobody was invited.") % platform]
    remote = shown(account.capabilities.cancel_sentence) or _("%(platform)s is told.") % platform
    if conference.gone_at:
        remote = _("%(platform)s no longer has it, so nothing happens there.") % platform
    return [remote, _("Here it is kept, with its people and its history, marked as cancelled.")]


def publishing(conference: Conference, user: User, data: Any) -> Question:
    """The page that asks whether those who run a draft are invited as it is scheduled."""
    planned = with_values(conference, {"draft": False})
    platform = {"platform": conference.account.platform_name}
    speakers = list(conference.moderators.filter(removed_at=None))
    found = clashes.of(conference)
    warning = ClashWarning(found, conference.account.label, True, data or {})
    reminded = reminders.review(
        reminders.own(conference), permanent=conference.permanent and not conference.dates
    )
    return Question(
        _("Schedule it on %(platform)s?") % platform,
        _("Schedule it on %(platform)s") % platform,
        send_card(planned, Act.ASSIGN, TellingForm(data), moderators=speakers),
        reverse("staff:conference-publish", args=[conference.pk]),
        back=reverse("staff:conference", args=[conference.pk]),
        icon="calendar",
        consequences=[
            _("%(platform)s makes the room now.") % platform,
            *reminded,
            *warning.sentences,
        ],
        confirms=bool(found or reminded),
        reason=reason_of_role(user)
        or rules.reason_against(conference.account, Kind.CONFERENCE, "create"),
    )


def withdrawing(
    conference: Conference, rows: list[Registration], user: User, data: Any, back: str
) -> Question:
    """The page that names the people and the consequence before anybody is withdrawn."""
    who = {"people": str(rows[0].attendee) if len(rows) == 1 else people(len(rows))}
    return Question(
        _("Withdraw %(people)s?") % who,
        _("Withdraw"),
        send_card(conference, Act.WITHDRAW, TellingForm(data), registrations=rows),
        reverse("staff:registrations", args=[conference.pk]),
        back=back,
        consequences=[registrations.withdraw_sentence(conference, rows)],
        danger=True,
        icon="user-minus",
        reason=reason_of_role(user),
        hidden=_ticked(rows, "withdraw", back),
        concerned=rows,
        confirms=True,
    )


def letting_in(
    conference: Conference, rows: list[Registration], user: User, data: Any, back: str
) -> Question:
    """The page that asks before people are registered who were invited, or wait."""
    new = [row for row in rows if row.standing != Registration.Stage.REGISTERED]
    who = {"people": str(new[0].attendee) if len(new) == 1 else people(len(new))}
    shown = [copy.copy(row) for row in without_waiting(conference, new)]
    for row in shown:  # as the mail will find them
        row.stage, row.removed_at = Registration.Stage.REGISTERED, None
    return Question(
        _("Register %(people)s?") % who,
        _("Register"),
        send_card(conference, Act.INVITE, TellingForm(data), registrations=shown),
        reverse("staff:registrations", args=[conference.pk]),
        back=back,
        consequences=[invite.platform_sentence(conference)],
        icon="check",
        reason=reason_of_role(user)
        or registrations.reason_against_mail(conference)
        or ("" if new else _("They are registered already.")),
        hidden=_ticked(new, "register", back),
        concerned=new,
        confirms=True,
    )


def resending(
    conference: Conference, rows: list[Registration], user: User, data: Any, back: str
) -> Question:
    """The page that asks before invitations are sent again."""
    who = {"people": str(rows[0].attendee) if len(rows) == 1 else people(len(rows))}
    seen = (data or {}).get("seen") or registrations.last_letter(rows)
    return Question(
        _("Send the invitation to %(people)s again?") % who,
        _("Send it again"),
        send_card(
            conference,
            Act.INVITE,
            TellingForm(data),
            registrations=without_waiting(conference, rows),
        ),
        reverse("staff:registrations", args=[conference.pk]),
        back=back,
        icon="paper-airplane",
        reason=reason_of_role(user) or registrations.reason_against_mail(conference),
        hidden=[*_ticked(rows, "resend", back), ("seen", seen)],
        mails_alone=True,
    )


def sending_again(
    letters: list[Invitation], user: User, data: Any, url: str, back: str
) -> Question:
    """The page that asks before mails that failed, or perhaps arrived, are sent again."""
    doubtful = any(one.state == one.State.UNKNOWN for one in letters)
    # Those about several dates reached people as one, and do so again.
    count = len({(one.together, one.to_email) if one.together else one.pk for one in letters})
    many = ngettext("Send %(count)s mail again?", "Send %(count)s mails again?", count)
    return Question(
        _("Send it again?") if count == 1 else many % {"count": number(count)},
        _("Send it again"),
        queued_card(letters, TellingForm(data)),
        url,
        back=back,
        icon="paper-airplane",
        reason=reason_of_role(user),
        mails_alone=True,
        consequences=[_("They may have it already: sent again, it may arrive twice.")]
        if doubtful
        else [],
        hidden=[("letter", one.pk) for one in letters] + [("action", "again"), ("next", back)],
        poll=letters[0].poll,
        of_polls=letters[0].poll is not None,
    )


def telling_anyway(
    entry: OutboxEntry, letters: list[Invitation], user: User, data: Any, back: str
) -> Question:
    """The page that asks before people are told of what the platform has not accepted."""
    refused = _("%(platform)s did not accept it: %(why)s") % {
        "platform": entry.account.platform_name,
        "why": entry.problem or _("it did not say why."),
    }
    return Question(
        _("Notify them anyway?"),
        _("Notify anyway"),
        queued_card(letters, TellingForm(data)),
        reverse("staff:entry-tell", args=[entry.pk]),
        back=back,
        icon="paper-airplane",
        consequences=[
            refused,
            _("People will read what stands in Lectern. What stands there may be something else."),
        ],
        reason=reason_of_role(user),
        danger=True,
        mails_alone=True,
        hidden=[("next", back)],
        poll=None if any(one.conference for one in letters) else letters[0].poll,
        of_polls=not any(one.conference for one in letters),
    )


def _ticked(rows: list[Registration], action: str, back: str) -> list[tuple[str, Any]]:
    return [("registration", row.pk) for row in rows] + [("action", action), ("back", back)]


def assigning(
    conference: Conference, speaker: Moderator, user: User, data: Any, hidden: Any
) -> Question:
    """The page that asks whether somebody who is put on a conference is invited; it asks also where
    they are at another one at that time."""
    found = clashes.of_speaker(conference, speaker.email)
    return Question(
        _("Assign %(person)s?") % {"person": speaker},
        _("Assign"),
        send_card(conference, Act.ASSIGN, TellingForm(data), moderators=[speaker]),
        reverse("staff:moderator-assign", args=[conference.pk]),
        hidden=hidden,
        icon="user-plus",
        reason=reason_of_role(user) or moderators.reason_against_assigning(conference),
        consequences=ClashWarning(found, conference.account.label, True, data or {}).sentences,
        confirms=bool(found),
    )


def unassigning(speaker: Moderator, user: User, data: Any) -> Question:
    """The page that asks before somebody is taken off."""
    conference = speaker.conference
    stops = _("The personal link stops working on %(platform)s.")
    stops %= {"platform": conference.account.platform_name}
    goes = _("%(person)s (%(email)s) no longer runs this webinar.")
    return Question(
        _("Take %(person)s off?") % {"person": speaker},
        _("Take off"),
        send_card(conference, Act.UNASSIGN, TellingForm(data), moderators=[speaker]),
        reverse("staff:moderator-unassign", args=[conference.pk, speaker.pk]),
        back=reverse("staff:conference-people", args=[conference.pk]),
        danger=True,
        consequences=[
            goes % {"person": speaker, "email": speaker.email},
            *([] if conference.draft else [stops]),
        ],
        reason=reason_of_role(user) or moderators.reason_against_unassigning(speaker),
    )


def making_again(conference: Conference, user: User, data: Any) -> Question:
    """The page that asks whether a conference that is gone there is to be made again."""
    platform = {"platform": conference.account.platform_name}
    return Question(
        _("Create it again on %(platform)s?") % platform,
        _("Create it again"),
        send_card(conference, Act.RESCHEDULE, TellingForm(data)),
        _settle(conference),
        back=reverse("staff:conference", args=[conference.pk]),
        consequences=[
            _("%(platform)s gets a new one, with its people.") % platform,
            _("Everybody keeps the address that they have; behind it stands a new personal link."),
        ],
        hidden=[("choice", "again")],
        icon="cloud-arrow-up",
        reason=reason_of_role(user)
        or rules.reason_against(conference.account, Kind.CONFERENCE, "create"),
    )


def accepting_loss(conference: Conference, user: User, data: Any) -> Question:
    """The page that asks whether a conference that is gone there is cancelled here too."""
    question = cancelling(conference, user, data)
    question.title, question.act = _("Mark it as cancelled?"), _("Mark it as cancelled")
    question.url, question.hidden = _settle(conference), [("choice", "cancel")]
    return question


def _settle(conference: Conference) -> str:
    return reverse("staff:conference-gone", args=[conference.pk])


def opening(conference: Conference, user: User) -> dict[str, Any]:
    """The page that asks whether the room is to be closed, or opened again."""
    account = conference.account
    platform, closing = {"platform": account.platform_name}, conference.open
    return {
        "conference": conference,
        "closing": closing,
        "consequence": (
            shown(account.capabilities.close_sentence)
            or _("Participants can no longer enter the room on %(platform)s.") % platform
        )
        if closing
        else _("Participants can enter the room on %(platform)s again.") % platform,
        "label": room_label(conference),
        "reason": reason_of_role(user) or reason_against_closing(conference),
    }

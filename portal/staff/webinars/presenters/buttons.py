"""The buttons of a conference's page: what each does on the platform, and why one is off."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.conferences import rules
from portal.conferences.models import Conference
from portal.conferences.schedule.services.cancel import reason_against_closing
from portal.identity import roles
from portal.staff.webinars.presenters.move import reason_against_moving

NEEDS_STAFF = gettext_lazy("You can look at everything. Changing it needs the role Event staff.")
State = Conference.State


@dataclass(frozen=True, slots=True)
class Button:
    """One action. `post` marks one that acts at once; the others lead to a page."""

    label: str
    url: str
    icon: str = ""
    kind: str = ""
    reason: str = ""
    post: bool = False
    menu: bool = False


def reason_of_role(user: User) -> str:
    """Why this person's buttons are off; empty for staff."""
    return "" if roles.may(user, roles.STAFF) else str(NEEDS_STAFF)


def buttons(conference: Conference, user: User) -> list[Button]:
    """All that can be done with a conference in its state, most useful first."""
    role = reason_of_role(user)
    return [_with_role(one, role) for one in _offered(conference)]


def _with_role(button: Button, role: str) -> Button:
    if not role:
        return button
    return Button(button.label, button.url, button.icon, reason=role, menu=button.menu)


def _offered(conference: Conference) -> Iterator[Button]:
    state = conference.state
    if state == State.DRAFT:
        yield _publish(conference)
    elif state in (State.SCHEDULED, State.LIVE) and not conference.gone_at:
        yield Button(_("Invite people"), _url("invite", conference), "user-plus", "primary")
    if state != State.CANCELLED:
        yield _edit(conference)
        yield _move(conference)
    yield _duplicate(conference)
    label = _("Save as a template")
    yield Button(label, _url("template-save", conference), "clipboard-document", menu=True)
    if not conference.moved_to_id:
        yield Button(
            _("Copy or move to another account"),
            _url("conference-move", conference),
            "arrow-right",
            menu=True,
        )
    if state not in (State.CANCELLED, State.DRAFT) and not conference.gone_at:
        yield _room(conference)
    if state != State.CANCELLED and not conference.gone_at:
        yield _cancel(conference)


def _url(name: str, conference: Conference) -> str:
    return reverse(f"staff:{name}", args=[conference.pk])


def _publish(conference: Conference) -> Button:
    account = conference.account
    return Button(
        _("Schedule it on %(platform)s") % {"platform": account.platform_name},
        _url("conference-publish", conference),
        "calendar",
        "primary",
        rules.reason_against(account, Kind.CONFERENCE, "create"),
        post=True,
    )


def _edit(conference: Conference) -> Button:
    verb = "create" if conference.draft else "update"
    reason = rules.reason_frozen(conference) or rules.reason_against(
        conference.account, Kind.CONFERENCE, verb
    )
    return Button(_("Edit"), _url("conference-edit", conference), "pencil", reason=reason)


def _move(conference: Conference) -> Button:
    if conference.permanent:
        return Button(_("Dates of the room"), _url("room-dates", conference), "calendar", menu=True)
    label, url = _("Move to another time"), _url("conference-reschedule", conference)
    return Button(label, url, "calendar", reason=reason_against_moving(conference), menu=True)


def _duplicate(conference: Conference) -> Button:
    reason = rules.reason_against(conference.account, Kind.CONFERENCE, "create")
    url = _url("conference-duplicate", conference)
    label = _("Duplicate into a draft")
    return Button(label, url, "squares-2x2", reason=reason, post=True, menu=True)


def _room(conference: Conference) -> Button:
    reason = reason_against_closing(conference)
    label = room_label(conference)
    icon = "lock-closed" if conference.open else "lock-open"
    return Button(label, _url("conference-open", conference), icon, reason=reason, menu=True)


def room_label(conference: Conference) -> str:
    """What the button says that closes the room, or opens it again."""
    close, open_ = _("Close the room on %(platform)s"), _("Open the room on %(platform)s")
    label = close if conference.open else open_
    return label % {"platform": conference.account.platform_name}


def _cancel(conference: Conference) -> Button:
    url = _url("conference-cancel", conference)
    if conference.draft:
        return Button(_("Discard the draft"), url, "trash", "danger", menu=True)
    reason = rules.reason_against(conference.account, Kind.CONFERENCE, "delete")
    return Button(_("Cancel the webinar"), url, "no-symbol", "danger", reason, menu=True)


def cancel_label(conference: Conference) -> str:
    """What the button of the confirmation says: exactly what pressing it does."""
    if conference.draft:
        return _("Discard the draft")
    if (
        not rules.reaches_platform(conference.account, Kind.CONFERENCE, "delete")
        or conference.gone_at
    ):
        return _("Cancel the webinar in Lectern")
    label = _("Cancel and delete the room on %(platform)s")
    return label % {"platform": conference.account.platform_name}

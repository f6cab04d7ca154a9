"""What a confirmation says before something is done: here, on the platform, to how many people."""

from typing import Any

from integrations.base.records import Kind
from portal.conferences import queries, rules
from portal.conferences.models import Conference
from portal.conferences.services.cancel import reason_against_closing
from portal.staff.presenters.actions import cancel_label, reason_of_role
from portal.staff.presenters.words import people


def cancelling(conference: Conference, user: Any) -> dict[str, Any]:
    """The page that asks whether a conference is to be called off."""
    told = 0 if conference.draft else queries.told_of_cancellation(conference)
    reason = reason_of_role(user) or _against(conference)
    return {
        "conference": conference,
        "label": cancel_label(conference),
        "consequences": _consequences(conference, told),
        "told": told,
        "asks": not conference.draft,
        "reason": reason,
    }


def _against(conference: Conference) -> str:
    if conference.removed_at:
        return "It is cancelled already."
    if conference.draft or conference.gone_at:
        return ""
    return rules.reason_against(conference.account, Kind.CONFERENCE, "delete")


def _consequences(conference: Conference, told: int) -> list[str]:
    account = conference.account
    if conference.draft:
        return [f"{account.platform_name} never heard of this draft, and nobody was invited."]
    remote = account.capabilities.cancel_sentence or f"{account.platform_name} is told."
    if conference.gone_at:
        remote = f"{account.platform_name} no longer has it, so nothing happens there."
    who = (
        f"{people(told).capitalize()} will be told by mail, unless you say otherwise below."
        if told
        else "Nobody was invited by mail yet, so nobody is told."
    )
    return [remote, who, "Here it is kept, with its people and its history, marked as cancelled."]


def opening(conference: Conference, user: Any) -> dict[str, Any]:
    """The page that asks whether the room is to be closed, or opened again."""
    account = conference.account
    platform, capabilities = account.platform_name, account.capabilities
    closing = conference.open
    return {
        "conference": conference,
        "closing": closing,
        "consequence": (
            capabilities.close_sentence
            or f"Participants can no longer enter the room on {platform}."
        )
        if closing
        else f"Participants can enter the room on {platform} again.",
        "label": f"Close the room on {platform}" if closing else f"Open the room on {platform}",
        "reason": reason_of_role(user) or reason_against_closing(conference),
    }

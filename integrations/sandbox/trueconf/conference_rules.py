"""What a conference must keep to beyond the form of its fields.

Source: the errors of [document, Conferences | Create Conference and Edit Conference].
"""

from __future__ import annotations

import re
from typing import Any

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import conference_fields, schedule_form
from integrations.sandbox.trueconf.refusal import Refusal, bad, forbidden, not_found, taken
from integrations.sandbox.trueconf.request import ApiRequest

Values = dict[str, Any]
OWNER_NEEDED_SINCE = 1
GUESTS_COUNTED_SINCE = 6
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def check_new(request: ApiRequest, given: Values) -> None:
    """Raise Refusal where a conference cannot be made like this."""
    most = request.account.max_conferences
    if most is not None and len(request.account.conferences()) >= most:
        raise bad(
            "conferenceLimit",
            "You can't create more conferences, because the server has reached the maximum "
            "number of conferences.",
        )
    if given.get("id") and request.account.by_address("conferences", given["id"]):
        raise taken("id")
    _put_owner(request, given)
    if request.login and given["owner"] != request.login and not request.sees_all:
        raise forbidden()
    before = conference_fields.defaults()
    _check_common(request, before, given)
    _check_invitations(request, {**before, **given}, given.get("invitations"))


def check_changes(request: ApiRequest, row: Row, given: Values) -> None:
    """Raise Refusal where a conference cannot be changed like this."""
    _put_owner(request, given)
    _check_common(request, row, given)
    invitations = given.get("invitations")
    if invitations is None and "owner" in given:
        invitations = [{"id": one["who"]} for one in request.account.invitations(row["id"])]
    _check_invitations(request, {**row, **given}, invitations)


def replace_invitations(request: ApiRequest, row: Row, invitations: list[Values] | None) -> None:
    """Who is on both lists keeps name and translator unless they are sent."""
    wanted = invitations if invitations is not None else [{"id": row["owner"]}]
    if request.minor < OWNER_NEEDED_SINCE and not _holds(request, wanted, row["owner"]):
        wanted = [{"id": row["owner"]}, *wanted]
    account = request.account
    old = {one["who"]: one for one in account.invitations(row["id"])}
    account.drop_rows("invitations", room_id=row["id"])
    for one in wanted:
        user = account.user(one["id"])
        before = old.get(user["login_name"] if user else one["id"], {})
        if account.invitation(row["id"], one["id"]):
            continue
        name = one.get("display_name") or before.get("display_name", "")
        translator = one["translator"] if "translator" in one else before.get("translator")
        account.invite(row["id"], one["id"], name, translator)


def check_who(request: ApiRequest, who: str, location: str) -> None:
    """A user of the server, or a guest by address (someone of another server looks the same)."""
    if request.account.user(who) is None and not _is_guest(request, who):
        raise not_found("user", who, location, parameter=True)


def check_room_for(request: ApiRequest, row: Row, guests: int, everybody: int) -> None:
    """Raises Refusal where the conference cannot take so many."""
    if everybody > (row["max_participants"] or request.account.max_participants[row["type"]]):
        name = row.get("address", "")
        raise bad(
            "conferenceMaxInvitationsLimit",
            f"Conference '{name}' invitations maximum ({row['max_participants']}) reached.",
        )
    most = row["max_guests"] if row["max_guests"] is not None else request.account.max_guests
    if guests > most and request.minor >= GUESTS_COUNTED_SINCE:
        raise _too_many_guests(most)


def is_guest(request: ApiRequest, who: str) -> bool:
    """Whether somebody invited is no user of the server."""
    return request.account.user(who) is None


def _put_owner(request: ApiRequest, given: Values) -> None:
    """An owner may be sent as a login or as `login@server`; it is kept as a login."""
    if "owner" in given:
        user = request.account.user(given["owner"])
        if user is None:
            raise not_found("user", given["owner"], "owner", parameter=True)
        given["owner"] = user["login_name"]


def _check_common(request: ApiRequest, before: Values, given: Values) -> None:
    after = conference_fields.merged(before, given)
    if given.get("max_guests") is not None and given["max_guests"] > request.account.max_guests:
        raise _too_many_guests(request.account.max_guests)
    if schedule_form.registration_order_is_wrong(after["registration"]):
        raise bad("invalidValue", "The start lies behind the end.", "registration.start_at")
    preset = given.get("broadcast_id")
    if preset and not request.account.by_address("presets", preset):
        raise not_found("preset", preset, "broadcast_id", parameter=True)
    if request.minor >= 10:
        _check_join_options(request, after, given)


def _check_join_options(request: ApiRequest, after: Values, given: Values) -> None:
    if after["mcu_mode"] and after["multicast_enable"]:
        raise bad(
            "mcuModeUnavailableWhenMulticastIsEnabled",
            "MCU mode is unavailable when multicast is enabled.",
        )
    if "join_options" not in given:
        return
    wanted = set(given["join_options"])
    if after["mcu_mode"]:
        raise bad(
            "joinOptionsNotEditableInMcuMode",
            "Join options are not editable when MCU mode is enabled.",
        )
    if after["multicast_enable"] and not wanted <= {"clients", "qr_code"}:
        raise bad(
            "joinOptionsNotAllowedWhenMulticastIsEnabled",
            "Join options specified in request are not allowed when multicast is enabled.",
        )
    if not wanted <= set(request.account.licensed_join_options):
        raise bad(
            "joinOptionsNotAllowedByLicense",
            "Join options specified in request are not allowed by license.",
        )


def _check_invitations(request: ApiRequest, row: Values, invitations: list[Values] | None) -> None:
    if invitations is None:
        return
    for one in invitations:
        check_who(request, one["id"], "invitations")
    if request.minor >= OWNER_NEEDED_SINCE and not _holds(request, invitations, row["owner"]):
        raise owner_missing()
    guests = sum(is_guest(request, one["id"]) for one in invitations)
    check_room_for(request, row, guests, len(invitations))


def owner_missing() -> Refusal:
    """The refusal of invitations without the owner."""
    return bad(
        "conferenceOwnerNotInInvitationsList",
        "The conference owner must be included in the invitation list.",
    )


def _holds(request: ApiRequest, invitations: list[Values], owner: str) -> bool:
    users = (request.account.user(one["id"]) for one in invitations)
    return any(user is not None and user["login_name"] == owner for user in users)


def _is_guest(request: ApiRequest, who: str) -> bool:
    own = f"@{request.account.server_name}"
    if request.account.unknown_addresses == "refused":
        return False
    return bool(_ADDRESS.fullmatch(who)) and not who.endswith(own)


def _too_many_guests(most: int) -> Refusal:
    return bad("maxGuestsLimitReached", f"Maximum number of guests ({most}) has been reached")

"""The commands' names, and the way from a call to the command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from integrations.sandbox.myownconference import (
    attendees,
    groups,
    letters,
    library,
    live,
    moderators,
    profile,
    webinars,
)
from integrations.sandbox.myownconference.account import MyOwnConferenceAccount
from integrations.sandbox.myownconference.envelope import ApiRequest
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.platform import EditRefused

Command = Callable[[MyOwnConferenceAccount, Params], Any]

OPERATIONS: dict[str, Command] = {
    "profileGet": profile.get,
    "profileSet": profile.change,
    "moderatorsCreate": moderators.create,
    "moderatorsDelete": moderators.delete,
    "moderatorsSet": moderators.change,
    "moderatorsList": moderators.list_all,
    "moderatorsAddToWebinar": moderators.add_to_webinar,
    "moderatorsRemoveFromWebinar": moderators.remove_from_webinar,
    "moderatorsRooms": moderators.rooms,
    "attendeesCreate": attendees.create,
    "attendeesSet": attendees.change,
    "attendeesDelete": attendees.delete,
    "attendeesList": attendees.list_all,
    "attendeesAddToWebinar": attendees.add_to_webinar,
    "attendeesRemoveFromWebinar": attendees.remove_from_webinar,
    "attendeesRooms": attendees.rooms,
    "attendeesCreateGroup": groups.create,
    "attendeesGroupsRename": groups.rename,
    "attendeesDeleteGroup": groups.delete,
    "attendeesGroupsList": groups.list_all,
    "attendeesAssignToGroup": groups.assign,
    "attendeesUnAssignFromGroup": groups.unassign,
    "attendeesCommonGroups": groups.common,
    "attendeesUnbanned": attendees.unban,
    "webinarsCreate": webinars.create,
    "webinarsSet": webinars.change,
    "webinarsDelete": webinars.delete,
    "webinarsClone": webinars.clone,
    "webinarsList": webinars.list_all,
    "webinarsGetInfo": webinars.get_info,
    "webinarsGetLettersInfo": letters.get_info,
    "webinarsSetLetters": letters.change,
    "webinarsLettersOff": letters.switch_off,
    "webinarsLettersOn": letters.switch_on,
    "webinarsOnlineList": live.online,
    "webinarsRecordsList": library.list_recordings,
    "webinarsRecordDelete": library.delete_recording,
    "webinarsFilesList": library.list_files,
    "webinarsHistory": library.history,
    "webinarsAddModerToRoom": live.add_moderator,
    "webinarsRemoveModerFromRoom": live.remove_moderator,
    "webinarsAddBotToRoom": live.add_bot,
    "webinarsRemoveBotFromRoom": live.remove_bot,
    "webinarsGetBotsList": live.list_bots,
    "webinarsBotMessage": live.bot_message,
    "webinarsLockChat": live.lock_chat,
    "webinarsUnlockChat": live.unlock_chat,
    "webinarsLinkLockInChat": live.lock_links,
    "webinarsLinkUnlockInChat": live.unlock_links,
    "webinarsStartPresentation": live.start_presentation,
    "webinarStopPresentation": live.stop_presentation,
    "webinarsStartVideo": live.start_video,
    "webinarsStopVideo": live.stop_video,
    "webinarsFinish": live.finish,
}
# The document's prose calls webinarsLockChat so; its example does not.
ALSO_WRITTEN = {"webinarLockChat": "webinarsLockChat"}


def answer(account: MyOwnConferenceAccount | None, asked: ApiRequest) -> Response:
    """Answer a command. Texts of refusals are the sandbox's own, but for "not active"."""
    if asked.problem:
        return asked.refusal(asked.problem)
    if account is None:
        return asked.refusal("The API key is not valid")
    if not account.api_enabled:
        return asked.refusal("The API is not available in your plan")
    command = OPERATIONS.get(ALSO_WRITTEN.get(asked.action, asked.action))
    if command is None:
        return asked.refusal(f'Unknown action "{asked.action}"')
    try:
        return asked.answer(command(account, Params(asked.params)))
    except (Refusal, EditRefused) as refusal:
        return asked.refusal(str(refusal))

"""Each documented command: the client's method, and where staff reach it."""

from integrations.base.operations import Operation


def _command(group: str, name: str, method: str, where: str) -> Operation:
    return Operation(f"{group}: {name}", f"POST / request={{action: {name}}}", method, where=where)


OPERATIONS: tuple[Operation, ...] = tuple(
    _command(*line)
    for line in (
        ("profile", "profileGet", "profile_get", "connecting an account; every sync"),
        ("profile", "profileSet", "profile_set", "an account's requests: Change the profile"),
        ("moderators", "moderatorsCreate", "moderators_create", "assigning a new moderator"),
        (
            "moderators",
            "moderatorsDelete",
            "moderators_delete",
            "an account's requests: Moderators",
        ),
        ("moderators", "moderatorsSet", "moderators_set", "renaming a moderator; their picture"),
        ("moderators", "moderatorsList", "moderators_list", "sync of moderators"),
        (
            "moderators",
            "moderatorsAddToWebinar",
            "moderators_add_to_webinar",
            "assigning a moderator",
        ),
        (
            "moderators",
            "moderatorsRemoveFromWebinar",
            "moderators_remove_from_webinar",
            "unassigning a moderator",
        ),
        ("moderators", "moderatorsRooms", "moderators_rooms", "moderators' personal links"),
        ("attendees", "attendeesCreate", "attendees_create", "registering a new person"),
        ("attendees", "attendeesSet", "attendees_set", "editing a person"),
        ("attendees", "attendeesDelete", "attendees_delete", "a person's requests: Remove there"),
        (
            "attendees",
            "attendeesList",
            "attendees_list",
            "sync of people, registrations and groups' members",
        ),
        ("attendees", "attendeesAddToWebinar", "attendees_add_to_webinar", "registering a person"),
        (
            "attendees",
            "attendeesRemoveFromWebinar",
            "attendees_remove_from_webinar",
            "withdrawing a registration",
        ),
        ("attendees", "attendeesRooms", "attendees_rooms", "a person's requests: Webinars"),
        ("attendees", "attendeesCreateGroup", "attendees_create_group", "making a group"),
        ("attendees", "attendeesGroupsRename", "attendees_groups_rename", "renaming a group"),
        ("attendees", "attendeesDeleteGroup", "attendees_delete_group", "deleting a group"),
        ("attendees", "attendeesGroupsList", "attendees_groups_list", "sync of groups"),
        (
            "attendees",
            "attendeesAssignToGroup",
            "attendees_assign_to_group",
            "adding a person to a group",
        ),
        (
            "attendees",
            "attendeesUnAssignFromGroup",
            "attendees_unassign_from_group",
            "taking a person out of a group",
        ),
        (
            "attendees",
            "attendeesCommonGroups",
            "attendees_common_groups",
            "a person's requests: Groups",
        ),
        (
            "attendees",
            "attendeesUnbanned",
            "attendees_unbanned",
            "a person's requests: Let in again",
        ),
        ("webinars", "webinarsCreate", "webinars_create", "scheduling a webinar"),
        (
            "webinars",
            "webinarsSet",
            "webinars_set",
            "editing a webinar; its Content tab: Recording and layout",
        ),
        ("webinars", "webinarsDelete", "webinars_delete", "cancelling a webinar"),
        (
            "webinars",
            "webinarsClone",
            "webinars_clone",
            "a webinar's Content tab: Copy to another day",
        ),
        ("webinars", "webinarsList", "webinars_list", "sync of webinars"),
        ("webinars", "webinarsGetInfo", "webinars_get_info", "sync of a webinar that changed"),
        (
            "webinars",
            "webinarsGetLettersInfo",
            "webinars_get_letters_info",
            "a webinar's Content tab: Letters",
        ),
        (
            "webinars",
            "webinarsSetLetters",
            "webinars_set_letters",
            "a webinar's Content tab: Letters, one letter",
        ),
        (
            "webinars",
            "webinarsLettersOff",
            "webinars_letters_off",
            "a webinar's Content tab: Send no letters",
        ),
        (
            "webinars",
            "webinarsLettersOn",
            "webinars_letters_on",
            "a webinar's Content tab: Send letters",
        ),
        (
            "webinars",
            "webinarsOnlineList",
            "webinars_online_list",
            "a webinar's Live tab: Who is there now",
        ),
        ("webinars", "webinarsRecordsList", "webinars_records_list", "sync of recordings"),
        ("webinars", "webinarsRecordDelete", "webinars_record_delete", "deleting a recording"),
        ("webinars", "webinarsFilesList", "webinars_files_list", "a webinar's Content tab: Files"),
        ("webinars", "webinarsHistory", "webinars_history", "sync of attendance; Chat; Visits"),
        (
            "webinars",
            "webinarsAddModerToRoom",
            "webinars_add_moder_to_room",
            "a webinar's Live tab: Add a virtual moderator",
        ),
        (
            "webinars",
            "webinarsRemoveModerFromRoom",
            "webinars_remove_moder_from_room",
            "a webinar's Live tab: Remove a virtual moderator",
        ),
        (
            "webinars",
            "webinarsAddBotToRoom",
            "webinars_add_bot_to_room",
            "a webinar's Live tab: Add a virtual attendee",
        ),
        (
            "webinars",
            "webinarsRemoveBotFromRoom",
            "webinars_remove_bot_from_room",
            "a webinar's Live tab: Remove a virtual attendee",
        ),
        (
            "webinars",
            "webinarsGetBotsList",
            "webinars_get_bots_list",
            "a webinar's Live tab: Virtual attendees",
        ),
        (
            "webinars",
            "webinarsBotMessage",
            "webinars_bot_message",
            "a webinar's Live tab: Write as a virtual attendee, or moderator",
        ),
        (
            "webinars",
            "webinarsLockChat",
            "webinars_lock_chat",
            "a webinar's Live tab: Close the chat",
        ),
        (
            "webinars",
            "webinarsUnlockChat",
            "webinars_unlock_chat",
            "a webinar's Live tab: Open the chat",
        ),
        (
            "webinars",
            "webinarsLinkLockInChat",
            "webinars_link_lock_in_chat",
            "a webinar's Live tab: Forbid links in the chat",
        ),
        (
            "webinars",
            "webinarsLinkUnlockInChat",
            "webinars_link_unlock_in_chat",
            "a webinar's Live tab: Allow links in the chat",
        ),
        (
            "webinars",
            "webinarsStartPresentation",
            "webinars_start_presentation",
            "a webinar's Live tab: Show a slide",
        ),
        (
            "webinar",
            "webinarStopPresentation",
            "webinar_stop_presentation",
            "a webinar's Live tab: Stop showing slides",
        ),
        (
            "webinars",
            "webinarsStartVideo",
            "webinars_start_video",
            "a webinar's Live tab: Play a video",
        ),
        (
            "webinars",
            "webinarsStopVideo",
            "webinars_stop_video",
            "a webinar's Live tab: Stop the video",
        ),
        (
            "webinars",
            "webinarsFinish",
            "webinars_finish",
            "a webinar's Live tab: Finish the webinar",
        ),
    )
)

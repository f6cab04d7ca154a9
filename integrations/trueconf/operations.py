"""Each of the 78 operations of TrueConf Server's document, and where staff reach it."""

from integrations.base.operations import Operation

API = "/api/:version"
CONF, USER, GROUP = f"{API}/conferences/:conference_id", f"{API}/users/:user_id", f"{API}/groups"
RUN, LOGS = f"{API}/conference-sessions/:session_id", f"{API}/logs"
TEMPLATES, PRESETS = f"{API}/templates/conferences", f"{API}/broadcast/presets"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "authorization: Generate Token",
        "POST /oauth2/v1/token",
        "generate_token",
        "logging in, by the account's choice",
    ),
    Operation(
        "logs: Get Call Invite List",
        f"GET {LOGS}/calls/:session_id/invites",
        "get_call_invite_list",
        "session: Who was rung",
    ),
    Operation("logs: Get Call List", f"GET {LOGS}/calls", "get_call_list", "webinar: sessions"),
    Operation(
        "logs: Get Call Participant List",
        f"GET {LOGS}/calls/:session_id/participants",
        "get_call_participant_list",
        "session: attendance",
    ),
    Operation(
        "logs: Get Call Record List",
        f"GET {LOGS}/records",
        "get_call_record_list",
        "webinar: Recordings with their times, on servers before v3.2",
    ),
    Operation(
        "logs: Get Call Record",
        f"GET {LOGS}/records/:session_id",
        "get_call_record",
        why_not="Of the older log, which the document calls deprecated: its list says all.",
    ),
    Operation(
        "logs: Get Call",
        f"GET {LOGS}/calls/:session_id",
        "get_call",
        "a session, before it is called gone",
    ),
    Operation(
        "logs: Get Event List",
        f"GET {LOGS}/events",
        "get_event_list",
        "account: Events of the server",
    ),
    Operation(
        "logs: Get Message List", f"GET {LOGS}/messages", "get_message_list", "session: Chat"
    ),
    Operation(
        "logs: Get Recording List",
        f"GET {LOGS}/recordings",
        "get_recording_list",
        "webinar: Recordings with their times",
    ),
    Operation(
        "logs: Get Recording",
        f"GET {LOGS}/recordings/:recording_id",
        "get_recording",
        "webinar: Recordings with their times, Details",
    ),
    Operation(
        "logs: Get Setting List",
        f"GET {LOGS}/settings",
        "get_setting_list",
        "account: Changes of the server's settings",
    ),
    Operation(
        "conferences: Conference Invite",
        f"POST {CONF}/invite",
        "conference_invite",
        "webinar: Call several in",
    ),
    Operation(
        "conferences: Conference Notify",
        f"POST {API}/conference/:conference_id/notify",
        "conference_notify",
        "webinar: Invitation mail by TrueConf",
    ),
    Operation(
        "conferences: Conference Record Pause",
        f"POST {CONF}/pause-record",
        "conference_record_pause",
        "webinar: Pause recording",
    ),
    Operation(
        "conferences: Conference Record Start",
        f"POST {CONF}/start-record",
        "conference_record_start",
        "webinar: Start or continue recording",
    ),
    Operation(
        "conferences: Conference Record Stop",
        f"POST {CONF}/stop-record",
        "conference_record_stop",
        "webinar: Stop recording",
    ),
    Operation(
        "conferences: Create Conference",
        f"POST {API}/conferences",
        "create_conference",
        "scheduling a webinar",
    ),
    Operation(
        "conferences: Delete Conference",
        f"DELETE {CONF}",
        "delete_conference",
        "cancelling a webinar",
    ),
    Operation(
        "conferences: Edit Conference",
        f"PUT {CONF}",
        "edit_conference",
        "editing a webinar; another owner",
    ),
    Operation(
        "conferences: Get Conference Calendars",
        f"GET {CONF}/calendars",
        "get_conference_calendars",
        "webinar: All addresses",
    ),
    Operation(
        "conferences: Get Conference ICS",
        f"GET {CONF}/ics",
        "get_conference_ics",
        "webinar: Calendar file by TrueConf",
    ),
    Operation(
        "conferences: Get Conference List",
        f"GET {API}/conferences",
        "get_conference_list",
        "list of webinars; connection test",
    ),
    Operation(
        "conferences: Get Conference Owner",
        f"GET {CONF}/owner",
        "get_conference_owner",
        "moderators of a webinar",
    ),
    Operation("conferences: Get Conference", f"GET {CONF}", "get_conference", "a webinar"),
    Operation(
        "conferences: Run Conference",
        f"POST {CONF}/run",
        "run_conference",
        "webinar: Start the webinar",
    ),
    Operation(
        "conferences: Share Conference",
        f"GET {CONF}/shared",
        "share_conference",
        "webinar: All addresses",
    ),
    Operation(
        "conferences: Stop Conference",
        f"POST {CONF}/stop",
        "stop_conference",
        "webinar: End the webinar",
    ),
    Operation(
        "users: Create Avatar", f"POST {USER}/avatar", "create_avatar", "person: Set a picture"
    ),
    Operation(
        "users: Create User",
        f"POST {API}/users",
        "create_user",
        "people, where the account makes users",
    ),
    Operation(
        "users: Delete Avatar",
        f"DELETE {USER}/avatar",
        "delete_avatar",
        "person: Take the picture away",
    ),
    Operation(
        "users: Delete User",
        f"DELETE {USER}",
        "delete_user",
        "people, where the account makes users",
    ),
    Operation(
        "users: Disconnect User",
        f"POST {USER}/disconnect",
        "disconnect_user",
        "person: Log out of TrueConf",
    ),
    Operation("users: Edit User", f"PUT {USER}", "edit_user", "editing a person"),
    Operation("users: Get Avatar", f"GET {USER}/avatar", "get_avatar", "person: Picture"),
    Operation(
        "users: Get User List",
        f"GET {API}/users",
        "get_user_list",
        "list of people; finding a user by address",
    ),
    Operation("users: Get User", f"GET {USER}", "get_user", "a person"),
    Operation("groups: Create Group", f"POST {GROUP}", "create_group", "making a group"),
    Operation(
        "groups: Delete Group", f"DELETE {GROUP}/:group_id", "delete_group", "removing a group"
    ),
    Operation("groups: Edit Group", f"PUT {GROUP}/:group_id", "edit_group", "renaming a group"),
    Operation("groups: Get Group List", f"GET {GROUP}", "get_group_list", "list of groups"),
    Operation("groups: Get Group", f"GET {GROUP}/:group_id", "get_group", "a group"),
    Operation(
        "presets: Create Preset", f"POST {PRESETS}", "create_preset", "account: Make a preset"
    ),
    Operation(
        "presets: Delete Preset",
        f"DELETE {PRESETS}/:preset_id",
        "delete_preset",
        "account: Broadcast presets, Remove",
    ),
    Operation(
        "presets: Edit Preset",
        f"PUT {PRESETS}/:preset_id",
        "edit_preset",
        "account: Broadcast presets, Rename",
    ),
    Operation(
        "presets: Get Preset List",
        f"GET {PRESETS}",
        "get_preset_list",
        "account: Broadcast presets",
    ),
    Operation(
        "presets: Get Preset",
        f"GET {PRESETS}/:preset_id",
        "get_preset",
        "account: Broadcast presets, Details",
    ),
    Operation(
        "conference sessions: Get Conference Session Participants",
        f"GET {RUN}/participants",
        "get_conference_session_participants",
        "webinar: Who is in it",
    ),
    Operation(
        "conference sessions: Get Conference Session",
        f"GET {RUN}",
        "get_conference_session",
        "webinar: Current session",
    ),
    Operation(
        "conference sessions: Invite participant to stand on a podium",
        f"POST {RUN}/podiums/participants",
        "invite_to_podium",
        "webinar: Who is in it, Ask to the podium",
    ),
    Operation(
        "conference sessions: Kick participant",
        f"DELETE {RUN}/participants/:participant_id",
        "kick_participant",
        "webinar: Who is in it, Remove",
    ),
    Operation(
        "conference sessions: Remove participant from a podium",
        f"DELETE {RUN}/podiums/participants/:participant_id",
        "remove_from_podium",
        "webinar: Who is in it, Take off the podium",
    ),
    Operation(
        "conference templates: Create Conference Template",
        f"POST {TEMPLATES}",
        "create_conference_template",
        "webinar: Save as a template",
    ),
    Operation(
        "conference templates: Delete Conference Template",
        f"DELETE {TEMPLATES}/:template_id",
        "delete_conference_template",
        "account: Templates, Remove",
    ),
    Operation(
        "conference templates: Edit Conference Template",
        f"PUT {TEMPLATES}/:template_id",
        "edit_conference_template",
        "account: Templates, Rename",
    ),
    Operation(
        "conference templates: Get Conference Template List",
        f"GET {TEMPLATES}",
        "get_conference_template_list",
        "account: Templates",
    ),
    Operation(
        "conference templates: Get Conference Template",
        f"GET {TEMPLATES}/:template_id",
        "get_conference_template",
        "account: Templates, Details",
    ),
    Operation(
        "conferences invitations: Add Invitation",
        f"POST {CONF}/invitations",
        "add_invitation",
        "inviting a person",
    ),
    Operation(
        "conferences invitations: Delete Invitation",
        f"DELETE {CONF}/invitations/:invitation_id",
        "delete_invitation",
        "withdrawing an invitation",
    ),
    Operation(
        "conferences invitations: Edit Invitation",
        f"PUT {CONF}/invitations/:invitation_id",
        "edit_invitation",
        "registration: Name in the webinar",
    ),
    Operation(
        "conferences invitations: Get Invitation List",
        f"GET {CONF}/invitations",
        "get_invitation_list",
        "who is registered",
    ),
    Operation(
        "conferences invitations: Get Invitation",
        f"GET {CONF}/invitations/:invitation_id",
        "get_invitation",
        "a registration; the owner",
    ),
    Operation(
        "conferences participants: Get Participant List",
        f"GET {CONF}/participants",
        "get_participant_list",
        "webinar: Who is in it, on servers before v3.3",
    ),
    Operation(
        "conferences participants: Get Participant",
        f"GET {CONF}/participants/:participant_id",
        "get_participant",
        "webinar: Who is in it, Details",
    ),
    Operation(
        "conferences participants: Invite Participant",
        f"POST {CONF}/participants",
        "invite_participant",
        "webinar: Call somebody in",
    ),
    Operation(
        "conferences records: Download Record",
        f"GET {CONF}/records/:record_id/download",
        "download_record",
        "recording: Download",
    ),
    Operation(
        "conferences records: Get Record List",
        f"GET {CONF}/records",
        "get_record_list",
        "webinar: recordings",
    ),
    Operation(
        "conferences records: Get Record",
        f"GET {CONF}/records/:record_id",
        "get_record",
        "a recording",
    ),
    Operation(
        "groups users: Add User",
        f"POST {GROUP}/:group_id/users",
        "add_group_user",
        "putting a person into a group",
    ),
    Operation(
        "groups users: Delete User",
        f"DELETE {GROUP}/:group_id/users/:user_id",
        "delete_group_user",
        "taking a person out of a group",
    ),
    Operation(
        "groups users: Get User List",
        f"GET {GROUP}/:group_id/users",
        "get_group_user_list",
        "members of a group",
    ),
    Operation(
        "groups users: Get User",
        f"GET {GROUP}/:group_id/users/:user_id",
        "get_group_user",
        "a membership, before it is called gone",
    ),
    Operation(
        "software clients: Get Client List",
        f"GET {API}/software/clients",
        "get_client_list",
        "webinar: Addresses for one person",
    ),
    Operation(
        "users contacts: Add Contact",
        f"POST {USER}/addressbook",
        "add_contact",
        "person: Add to the address book",
    ),
    Operation(
        "users contacts: Delete Contact",
        f"DELETE {USER}/addressbook/:contact_id",
        "delete_contact",
        "person: Address book, Remove",
    ),
    Operation(
        "users contacts: Edit Contact",
        f"PUT {USER}/addressbook/:contact_id",
        "edit_contact",
        "person: Address book, Rename",
    ),
    Operation(
        "users contacts: Get Contact List",
        f"GET {USER}/addressbook",
        "get_contact_list",
        "person: Address book",
    ),
    Operation(
        "users contacts: Get Contact",
        f"GET {USER}/addressbook/:contact_id",
        "get_contact",
        "person: Address book, Details",
    ),
)

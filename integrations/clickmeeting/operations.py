"""ClickMeeting's 37 documented operations, in the order of its document."""

from integrations.base.operations import Operation

ROOM = "/v1/conferences/:room_id"
LIST, SHEET = "every sync", "the schedule form"
FILES, LIBRARY = "a webinar's Content tab, files", "an account's requests, file library"

OPERATIONS = (
    Operation(
        "conferences: list by status", "GET /v1/conferences/:status", "list_conferences", LIST
    ),
    Operation(
        "conferences: list inactive, paged by 250",
        "GET /v1/conferences/inactive?page=:n",
        "list_inactive_conferences",
        LIST,
    ),
    Operation("conferences: create", "POST /v1/conferences", "create_conference", SHEET),
    Operation("conferences: get", f"GET {ROOM}", "get_conference", "before each change is sent"),
    Operation("conferences: update", f"PUT {ROOM}", "update_conference", "editing a webinar"),
    Operation(
        "conferences: turn registration on or off",
        f"PUT {ROOM} registration[enabled]",
        "set_registration",
        "the schedule form, as part of one update",
    ),
    Operation(
        "conferences: set registration template",
        f"PUT {ROOM} registration[template]",
        "set_registration_template",
        "a webinar's Content tab, letters",
    ),
    Operation("conferences: delete", f"DELETE {ROOM}", "delete_conference", "cancelling a webinar"),
    Operation(
        "conferences: list skins",
        "GET /v1/conferences/skins",
        "list_skins",
        "an account's requests",
    ),
    Operation(
        "tokens: generate access tokens",
        f"POST {ROOM}/tokens",
        "generate_tokens",
        "a webinar's Live tab, ways in; personal links into rooms with tokens",
    ),
    Operation(
        "tokens: list access tokens",
        f"GET {ROOM}/tokens",
        "list_tokens",
        "a webinar's Live tab, ways in",
    ),
    Operation(
        "access: auto-login hash",
        f"POST {ROOM}/room/autologin_hash",
        "autologin_hash",
        "moderators' and lost personal links",
    ),
    Operation(
        "invitations: send invitation email",
        f"POST {ROOM}/invitation/email/:lang",
        "send_invitation",
        "a webinar's Content tab, letters",
    ),
    Operation("sessions: list", f"GET {ROOM}/sessions", "list_sessions", LIST),
    Operation("sessions: get", f"GET {ROOM}/sessions/:session_id", "get_session", LIST),
    Operation(
        "sessions: list attendees",
        f"GET {ROOM}/sessions/:session_id/attendees",
        "list_session_attendees",
        LIST,
    ),
    Operation(
        "sessions: generate PDF report",
        f"GET {ROOM}/sessions/:session_id/generate-pdf/:lang",
        "generate_pdf",
        "a webinar's Sessions tab",
    ),
    Operation(
        "contacts: add or update contact",
        "POST /v1/contacts",
        "add_contact",
        "people, where the account's option says so",
    ),
    Operation(
        "time zones: list", "GET /v1/time_zone_list", "list_time_zones", "an account's requests"
    ),
    Operation(
        "time zones: list by country",
        "GET /v1/time_zone_list/:country",
        "list_time_zones_of",
        "an account's requests",
    ),
    Operation(
        "phone gateways: list",
        "GET /v1/phone_gateways",
        "list_phone_gateways",
        "an account's requests",
    ),
    Operation(
        "registrations: list of a room by status",
        f"GET {ROOM}/registrations/:status",
        "list_registrations",
        LIST,
    ),
    Operation(
        "registrations: register participant",
        f"POST {ROOM}/registration",
        "register",
        "inviting people",
    ),
    Operation(
        "registrations: list of a session",
        f"GET {ROOM}/sessions/:session_id/registrations",
        "list_session_registrations",
        "a webinar's Sessions tab",
    ),
    Operation("files: list", "GET /v1/file-library", "list_files", LIBRARY),
    Operation("files: upload", "POST /v1/file-library", "upload_file", LIBRARY),
    Operation(
        "files: list of a room",
        "GET /v1/file-library/conferences/:room_id",
        "list_room_files",
        FILES,
    ),
    Operation(
        "files: upload to a room",
        "POST /v1/file-library/conferences/:room_id",
        "upload_room_file",
        FILES,
    ),
    Operation("files: get", "GET /v1/file-library/:file_id", "get_file", FILES),
    Operation("files: delete", "DELETE /v1/file-library/:file_id", "delete_file", FILES),
    Operation("files: download", "GET /v1/file-library/:file_id/download", "download_file", FILES),
    Operation("recordings: list", f"GET {ROOM}/recordings", "list_recordings", LIST),
    Operation(
        "recordings: delete all",
        f"DELETE {ROOM}/recordings",
        "delete_recordings",
        "a webinar's Content tab",
    ),
    Operation(
        "recordings: delete one",
        f"DELETE {ROOM}/recordings/:recording_id",
        "delete_recording",
        "a webinar's Recordings tab",
    ),
    Operation("chats: list", "GET /v1/chats", "list_chats", "a webinar's Content tab, chats"),
    Operation(
        "chats: download",
        "GET /v1/chats/:session_id",
        "download_chat",
        "a webinar's Content tab, chats",
    ),
    Operation("status: ping", "GET /v1/ping", "ping", "testing an account's connection"),
)

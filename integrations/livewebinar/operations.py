"""The 14 operations of LiveWebinar's document, and where staff reach each."""

from integrations.base.operations import Operation

CONNECTING = "Account, connect by consent"
BROWSER = "Webinar, access: addresses of the room by role"
NAMELESS = (
    "The document names no parameter of it, and nothing here needs another account detail; "
    "LiveWebinar's panel has them all."
)
APP = (
    "An app is registered once, before there is an account here to do it with, at "
    "app.livewebinar.com/api-apps; a second try is answered with an error."
)

OPERATIONS: tuple[Operation, ...] = (
    Operation("oauth: register client", "POST /api/oauth/clients", "register_client", why_not=APP),
    Operation("oauth: authorize", "GET /auth/oauth2/authorize", "authorize", CONNECTING),
    Operation("oauth: exchange code", "POST /api/oauth/access_token", "exchange_code", CONNECTING),
    Operation(
        "oauth: refresh",
        "POST /api/oauth/access_token/refresh",
        "refresh",
        "By itself, when a token runs out",
    ),
    Operation("account: me", "GET /api/me", "me", "Account, test the connection"),
    Operation("account: update user", "PUT /api/users/:user_id", "update_user", why_not=NAMELESS),
    Operation("widgets: create", "POST /api/widgets", "create_widget", "Schedule a webinar"),
    Operation(
        "widgets: update", "PUT /api/widgets/:widget_id", "update_widget", "Change a webinar"
    ),
    Operation(
        "widgets: delete", "DELETE /api/widgets/:widget_id", "delete_widget", "Cancel a webinar"
    ),
    Operation(
        "widgets: enable", "? /api/widgets/:widget_id: enable", "enable_widget", "Open the room"
    ),
    Operation(
        "widgets: disable", "? /api/widgets/:widget_id: disable", "disable_widget", "Close the room"
    ),
    Operation(
        "widgets: personal invitation",
        "POST /api/widgets/:widget_id/personal",
        "invite_person",
        "Register a person, add a moderator, personal link",
    ),
    Operation(
        "widgets: personal invitation with form fields",
        "POST /api/widgets/:widget_id/personal",
        "invite_person_with_form",
        "Webinar, access: personal link with the form's answers",
    ),
    Operation(
        "rooms: room URLs by role, nickname, avatar; embed options",
        "URL /:token, /:token/x/:role, ?_nickname=, ?avatar_url=",
        "room_address",
        BROWSER,
    ),
)

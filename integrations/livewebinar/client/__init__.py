"""LiveWebinar's API, one method for each documented operation, named as the document names it.

Every method sends what it is given and answers the parsed JSON untouched: it may be anything,
and the annotation names its documented shape. Errors are those of
`Http.answer`; "Effect" says what an unknown outcome means for each. Bodies travel as the document's
own example does, `application/x-www-form-urlencoded`, PHP style. Calls that the document does not
describe are in `undocumented`.
"""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from integrations.base.http import Effect, Http
from integrations.base.ids import path_of
from integrations.livewebinar import payloads
from integrations.livewebinar.payloads import PLATFORM

READ, CHANGE, CREATE = Effect.READ, Effect.CHANGE, Effect.CREATE
Params = Mapping[str, Any]


class Client:
    """All 14 operations: `http` carries the account's token, `tokenless` carries none."""

    def __init__(self, http: Http, tokenless: Http | None = None) -> None:
        self.http = http
        self.tokenless = tokenless or http

    # Authorization flow

    def register_client(self, name: str, redirect: str) -> Annotated[Any, payloads.App]:
        """Register an app: answers client_id and client_secret; 500 where it exists already."""
        form = {"name": name, "redirect": redirect}
        return self.tokenless.json(CREATE, "POST", "/oauth/clients", "register client", data=form)

    def authorize(self, app_url: str, client_id: str, redirect_uri: str, state: str = "") -> str:
        """The page on which a user consents; nothing is sent, a browser goes there."""
        asked = {"client_id": client_id, "redirect_uri": redirect_uri, "response_type": "code"}
        query = urlencode(asked | ({"state": state} if state else {}))
        return f"{app_url.rstrip('/')}/auth/oauth2/authorize?{query}"

    def exchange_code(
        self, client_id: str, client_secret: str, code: str, redirect_uri: str
    ) -> Annotated[Any, payloads.WrappedTokens | payloads.Tokens]:
        """Trade an authorization code, once, for access_token and refresh_token."""
        form = {
            "grant_type": "authorization_code",
            "client_id": client_id,
            "client_secret": client_secret,
            "code": code,
            "redirect_uri": redirect_uri,
        }
        return self._token("/oauth/access_token", "exchange code", form, (client_secret, code))

    def refresh(
        self, client_id: str, client_secret: str, refresh_token: str
    ) -> Annotated[Any, payloads.WrappedTokens | payloads.Tokens]:
        """A new pair for a refresh token, which is spent by it."""
        form = {
            "grant_type": "refresh_token",
            "client_id": client_id,
            "client_secret": client_secret,
            "refresh_token": refresh_token,
        }
        hide = (client_secret, refresh_token)
        return self._token("/oauth/access_token/refresh", "refresh token", form, hide)

    # Account

    def me(self) -> Annotated[Any, payloads.UserAnswer | payloads.User]:
        """The user whose token it is; the document's test endpoint."""
        return self.http.json(READ, "GET", "/me", "me")

    def update_user(
        self, user_id: str, fields: Params
    ) -> Annotated[Any, payloads.UserAnswer | payloads.User]:
        """Change account details."""
        path = path_of(PLATFORM, "users", user_id)
        return self.http.json(CHANGE, "PUT", path, "update user", data=form_of(fields))

    # Widgets: webinar and meeting rooms

    def create_widget(
        self, fields: Annotated[Params, payloads.WidgetForm]
    ) -> Annotated[Any, payloads.WidgetAnswer | payloads.Widget]:
        """Make a room."""
        return self._send(CREATE, "POST", "create widget", path_of(PLATFORM, "widgets"), fields)

    def update_widget(
        self, widget_id: str, fields: Annotated[Params, payloads.WidgetForm]
    ) -> Annotated[Any, payloads.WidgetAnswer | payloads.Widget]:
        """Change the given parameters of a room."""
        return self._send(
            CHANGE, "PUT", "update widget", path_of(PLATFORM, "widgets", widget_id), fields
        )

    def delete_widget(self, widget_id: str) -> Annotated[Any, payloads.Deleted | None]:
        """Delete a room."""
        return self.http.json(
            CHANGE, "DELETE", path_of(PLATFORM, "widgets", widget_id), "delete widget"
        )

    def enable_widget(
        self, widget_id: str
    ) -> Annotated[Any, payloads.WidgetAnswer | payloads.Widget]:
        """Open a room: an update of its status, as the official plugins do it."""
        return self.update_widget(widget_id, {"status": "active"})

    def disable_widget(
        self, widget_id: str
    ) -> Annotated[Any, payloads.WidgetAnswer | payloads.Widget]:
        """Close a room without deleting it."""
        return self.update_widget(widget_id, {"status": "inactive"})

    def invite_person(
        self, widget_id: str, person: Annotated[Params, payloads.PersonForm]
    ) -> Annotated[Any, payloads.PersonalLinkAnswer | payloads.PersonalLink]:
        """A personal room URL; `emails` (one address), and if wanted role, firstname, lastname."""
        path = path_of(PLATFORM, "widgets", widget_id, "personal")
        return self._send(CREATE, "POST", "personal invitation", path, person)

    def invite_person_with_form(
        self, widget_id: str, person: Annotated[Params, payloads.PersonForm], answers: Params
    ) -> Annotated[Any, payloads.PersonalLinkAnswer | payloads.PersonalLink]:
        """The same for a room with a web form: the same request, with the form's fields beside."""
        return self.invite_person(widget_id, {**answers, **person})

    # Rooms in the browser

    def room_address(
        self, app_url: str, token: str, role: str = "", nickname: str = "", avatar_url: str = ""
    ) -> payloads.RoomAddress:
        """Nothing is sent: {"url": the room's, "embed": options of the JavaScript embed code}.

        `role` is a role hash of the widget; without one the address is the attendees'.
        """
        path = path_of(PLATFORM, token, "x", role) if role else path_of(PLATFORM, token)
        asked = {"_nickname": nickname, "avatar_url": avatar_url}
        # Colons and slashes stay, as in the document's own example.
        query = urlencode({k: v for k, v in asked.items() if v}, safe=":/", quote_via=quote)
        embed = {"_license_key": token, "_role_token": role, "_nickname": nickname}
        return {
            "url": app_url.rstrip("/") + path + (f"?{query}" if query else ""),
            "embed": {name: value for name, value in embed.items() if value},
        }

    def _token(self, path: str, operation: str, form: Params, hide: tuple[str, ...]) -> Any:
        return self.tokenless.json(CHANGE, "POST", path, operation, data=dict(form), hide=hide)

    def _send(self, effect: Effect, method: str, operation: str, path: str, fields: Params) -> Any:
        hide = (str(fields["password"]),) if fields.get("password") else ()
        return self.http.json(effect, method, path, operation, data=form_of(fields), hide=hide)


def form_of(fields: Params) -> list[tuple[str, str]]:
    """Flatten to a PHP form: `form[id]`, booleans as 1 and 0."""
    return [pair for name, value in fields.items() for pair in _pairs(name, value)]


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [p for key, item in value.items() for p in _pairs(f"{name}[{key}]", item)]
    return [(name, str(int(value)) if isinstance(value, bool) else str(value))]

"""Calls that the document does not describe, seen in LiveWebinar's own plugins.

The document tells how to make, change and delete rooms, and nowhere how to see them; its "full API
documentation" is not part of it. Without seeing nothing can be synced, so the list and the
details of rooms are read the way both official plugins read them. The login from server to server
is named in the document ("JWT for Server-to-Server integration") and shown by the plugins alone.
Nothing here changes anything on the platform. [seen: README]
"""

from typing import Annotated, Any

from integrations.base.http import Effect, Http
from integrations.base.ids import path_of
from integrations.livewebinar import payloads
from integrations.livewebinar.mapping.lists import ROWS_AT_ONCE, WIDGETS_AT_ONCE
from integrations.livewebinar.payloads import PLATFORM


class Undocumented:
    """Reads with an account's token, and the login without one."""

    def __init__(self, http: Http) -> None:
        self.http = http

    def login(
        self, identifier: str, client_id: str, client_secret: str
    ) -> Annotated[Any, payloads.Tokens]:
        """A token for an app's credentials. Asking again is harmless: READ."""
        form = {"identifier": identifier, "client_id": client_id, "client_secret": client_secret}
        send: dict[str, Any] = {"data": form, "hide": (client_secret,)}
        return self.http.json(Effect.READ, "POST", "/auth/login", "log in", **send)

    def list_widgets(self, scope: str, page: int = 1) -> Annotated[Any, payloads.Widgets]:
        """Rooms by `scope` (active, inactive), the oldest first; pages count from 1."""
        params = {"limit": WIDGETS_AT_ONCE, "scope": scope, "sort": "id", "order": "asc"}
        return self._list("list widgets", path_of(PLATFORM, "widgets"), page, params)

    def get_widget(self, widget_id: str) -> Annotated[Any, payloads.WidgetAnswer | payloads.Widget]:
        """One room in full."""
        return self.http.json(
            Effect.READ, "GET", path_of(PLATFORM, "widgets", widget_id), "get widget"
        )

    def list_of_widget(
        self, widget_id: str, what: str, page: int = 1
    ) -> Annotated[Any, payloads.RoomRows]:
        """`recordings`, `registrants` or `participants` of a room."""
        path = path_of(PLATFORM, "widgets", widget_id, what)
        return self._list(f"list {what}", path, page, {"limit": ROWS_AT_ONCE})

    def list_forms(self, page: int = 1) -> Annotated[Any, payloads.WebForms]:
        """The account's web forms."""
        return self._list("list forms", path_of(PLATFORM, "forms"), page, {"limit": ROWS_AT_ONCE})

    def _list(self, operation: str, path: str, page: int, params: dict[str, Any]) -> Any:
        # The plugins never name the first page, so neither do we.
        asked = params | ({"page": page} if page > 1 else {})
        return self.http.json(Effect.READ, "GET", path, operation, params=asked)

"""Calls that the document does not describe, seen in LiveWebinar's own plugins.

The document tells how to make, change and delete rooms, and nowhere how to see them; its "full API
documentation" is not part of it. Without seeing nothing can be kept in step, so the list and the
details of rooms are read the way both official plugins read them. The login from server to server
is named in the document ("JWT for Server-to-Server integration") and shown by the plugins alone.
Nothing here changes anything on the platform. [beyond-the-documents.md, LiveWebinar]
"""

from typing import Any

from integrations.base.http import Effect, Http
from integrations.livewebinar.client import path_of

# Seen: 500 for widgets, 100 for what belongs to one of them.
WIDGETS_AT_ONCE, ROWS_AT_ONCE = 500, 100


class Beyond:
    """Reads over an account's line, and the login over a line without a token."""

    def __init__(self, http: Http) -> None:
        self.http = http

    def login(self, identifier: str, client_id: str, client_secret: str) -> Any:
        """A token for an app's credentials. Asking again is harmless: READ."""
        form = {"identifier": identifier, "client_id": client_id, "client_secret": client_secret}
        send: dict[str, Any] = {"data": form, "hide": (client_secret,)}
        return self.http.json(Effect.READ, "POST", "/auth/login", "log in", **send)

    def list_widgets(self, scope: str, page: int = 1) -> Any:
        """Rooms by `scope` (active, inactive), the oldest first; pages count from 1."""
        params = {"limit": WIDGETS_AT_ONCE, "scope": scope, "sort": "id", "order": "asc"}
        return self._list("list widgets", path_of("widgets"), page, params)

    def get_widget(self, widget_id: str) -> Any:
        """One room in full."""
        return self.http.json(Effect.READ, "GET", path_of("widgets", widget_id), "get widget")

    def list_of_widget(self, widget_id: str, what: str, page: int = 1) -> Any:
        """`recordings`, `registrants` or `participants` of a room."""
        path = path_of("widgets", widget_id, what)
        return self._list(f"list {what}", path, page, {"limit": ROWS_AT_ONCE})

    def list_forms(self, page: int = 1) -> Any:
        """The account's web forms."""
        return self._list("list forms", path_of("forms"), page, {"limit": ROWS_AT_ONCE})

    def _list(self, operation: str, path: str, page: int, params: dict[str, Any]) -> Any:
        # The plugins never name the first page, so neither do we.
        asked = params | ({"page": page} if page > 1 else {})
        return self.http.json(Effect.READ, "GET", path, operation, params=asked)

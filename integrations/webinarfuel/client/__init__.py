"""WebinarFuel's API, one method for each documented operation.

Every method sends what it is given and answers the parsed JSON untouched: it may be anything,
and the annotation names its documented shape. Errors are those of
`Http.answer`; "Effect" says what an unknown outcome means for each. A query's values may be text,
numbers, booleans, lists and mappings; None is left out. Instants are text as the platform wrote
them, or ISO 8601 in UTC.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from integrations.base.errors import OutcomeUnknown
from integrations.base.http import Effect
from integrations.webinarfuel import payloads
from integrations.webinarfuel.client.http import WebinarFuelHttp
from integrations.webinarfuel.operations import fill, holes

READ, CHANGE, CREATE = Effect.READ, Effect.CHANGE, Effect.CREATE
REDIRECTS = (301, 302, 303, 307, 308)


class Client:
    """All 11 operations, with the account's key (`http`) or without (`unsigned`).

    `table` says where they are.
    """

    def __init__(
        self, http: WebinarFuelHttp, unsigned: WebinarFuelHttp, table: Mapping[str, str]
    ) -> None:
        self.http = http
        self.unsigned = unsigned
        self._table = table

    # Webinars

    def list_webinars(self, **query: Any) -> Annotated[Any, payloads.Webinars]:
        """A page of ready webinars: page, per_page, sessions_limit (both at most 50),
        exact_recurring_dates, time_zone."""
        return self._read("list webinars", "webinars", query)

    def get_webinar(
        self, webinar_id: str, **query: Any
    ) -> Annotated[Any, payloads.WebinarAnswer | payloads.Webinar]:
        """One ready webinar: sessions_limit, exact_recurring_dates, time_zone."""
        return self._read("get webinar", "webinar", query, id=webinar_id)

    # Registrants

    def list_registrants(self, **query: Any) -> Annotated[Any, payloads.Registrants]:
        """A page of registrants: page, per_page (at most 50), email (case counts)."""
        return self._read("list registrants", "registrants", query)

    def create_registrant(
        self, body: Annotated[Mapping[str, Any], payloads.RegistrationBody]
    ) -> Annotated[Any, payloads.RegistrantAnswer | payloads.Registrant]:
        """Register someone: `webinar_id`, `registrant`, `session`. Who exists is updated."""
        return self._send(CREATE, "POST", "create registrant", "registrants", body)

    def get_registrant(
        self, registrant_id: str
    ) -> Annotated[Any, payloads.RegistrantAnswer | payloads.Registrant]:
        """One registrant."""
        return self._read("get registrant", "registrant", {}, id=registrant_id)

    def update_registrant(
        self,
        registrant_id: str,
        registrant: Annotated[Mapping[str, Any], payloads.RegistrantChanges],
    ) -> Annotated[Any, payloads.RegistrantAnswer | payloads.Registrant]:
        """Change the given attributes of a registrant."""
        body = {"registrant": registrant}
        return self._send(CHANGE, "PUT", "update registrant", "registrant", body, id=registrant_id)

    def add_tags(
        self, email: str, tags: Sequence[str]
    ) -> Annotated[Any, payloads.RegistrantAnswer | payloads.Registrant]:
        """Add tags to an existing registrant; the others stay."""
        body = {"email": email, "tags": list(tags)}
        return self._send(CHANGE, "POST", "add tags", "add_tags", body)

    def remove_tags(
        self, email: str, tags: Sequence[str]
    ) -> Annotated[Any, payloads.RegistrantAnswer | payloads.Registrant]:
        """Take tags from an existing registrant; the others stay."""
        body = {"email": email, "tags": list(tags)}
        return self._send(CHANGE, "POST", "remove tags", "remove_tags", body)

    def create_by_oneclick(self, query: Mapping[str, Any]) -> None:
        """Register someone by a webinar's `oneclick_key`, without the account's key.

        A success is a page, or a redirect to the webinar's thank-you page [document,
        Create a Registrant via OneClick], so there is nothing to parse.
        """
        path, sent = self._table["oneclick"], dict(query)
        if "oneclick_key" in holes(path):
            path = fill(path, oneclick_key=str(sent.pop("oneclick_key")))
        try:
            self.unsigned.answer(CREATE, "GET", path, "register by OneClick", params=query_of(sent))
        except OutcomeUnknown as error:
            if error.status not in REDIRECTS:
                raise

    # Registrant sessions

    def list_registrant_sessions(self, **query: Any) -> Annotated[Any, payloads.RegistrantSessions]:
        """A page of registrant sessions: page, per_page (at most 50), webinar_id,
        webinar_session_id, email (case counts), before_scheduled_at, after_scheduled_at (both
        ends belong to it)."""
        return self._read("list registrant sessions", "registrant_sessions", query)

    def get_registrant_session(
        self, cid: str
    ) -> Annotated[Any, payloads.RegistrantSessionAnswer | payloads.RegistrantSession]:
        """One registrant session."""
        return self._read("get registrant session", "registrant_session", {}, cid=cid)

    def _read(self, operation: str, name: str, query: Mapping[str, Any], **ids: str) -> Any:
        path = fill(self._table[name], **ids)
        return self.http.json(READ, "GET", path, operation, params=query_of(query))

    def _send(
        self,
        effect: Effect,
        method: str,
        operation: str,
        name: str,
        body: Mapping[str, Any],
        **ids: str,
    ) -> Any:
        return self.http.json(effect, method, fill(self._table[name], **ids), operation, json=body)


def query_of(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Flatten to a query: `tags[]`, `custom_fields[name]`, booleans as words."""
    return [pair for name, value in query.items() for pair in _pairs(name, value)]


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    if value is None:
        return []
    if isinstance(value, Mapping):
        return [pair for key, item in value.items() for pair in _pairs(f"{name}[{key}]", item)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [pair for item in value for pair in _pairs(f"{name}[]", item)]
    return [(name, str(value).lower() if isinstance(value, bool) else str(value))]

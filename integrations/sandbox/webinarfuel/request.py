"""What an operation is given, and how it reads what clients send."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from integrations.sandbox.call import Call
from integrations.sandbox.forms import nest
from integrations.sandbox.store import Row
from integrations.sandbox.webinarfuel.fields import Fields
from integrations.sandbox.webinarfuel.refusal import Refusal, not_found

if TYPE_CHECKING:
    from integrations.sandbox.webinarfuel.account import WebinarFuelAccount

MOST_A_PAGE = 50
# The document gives the greatest page only; the usual size is the sandbox's own choice.
USUAL_PAGE = 25


@dataclass
class ApiRequest:
    """One authorised request: whose it is and what it carries."""

    account: WebinarFuelAccount
    call: Call

    @property
    def query(self) -> Fields:
        """The query, with `tags[]` and `custom_fields[…]` read as list and object."""
        return Fields(nest(self.call.query))

    def body(self) -> dict[str, Any]:
        """JSON, or a form with the same names. Raises Refusal 400 for anything else."""
        raw = self.call.body.strip()
        if not raw.startswith(b"{") and self.call.fields:
            return nest(self.call.fields)
        try:
            body = json.loads(raw or b"{}")
        except (ValueError, RecursionError):
            raise Refusal(400, "The body is not valid JSON") from None
        if not isinstance(body, dict):
            raise Refusal(400, "The body must be a JSON object")
        return body

    def ready_webinar(self, webinar_id: int | None) -> Row:
        """Raises Refusal 404, also for a webinar that is not in ready state."""
        row = self.account.store.get("webinars", webinar_id or 0)
        if row is None or row["state"] != "ready":
            raise not_found("Webinar")
        return row

    def registrant(self, registrant_id: int) -> Row:
        row = self.account.store.get("registrants", registrant_id)
        if row is None:
            raise not_found("Registrant")
        return row

    def page(
        self, name: str, rows: list[Row], shape: Callable[[Row], Any], query: Fields
    ) -> dict[str, Any]:
        """A page of a list with its `meta`; checks the query first."""
        page = query.whole("page") or 1
        per_page = query.whole("per_page", 1, MOST_A_PAGE) or USUAL_PAGE
        query.check()
        first = (page - 1) * per_page
        meta = {
            "page": page,
            "per_page": per_page,
            "total_items": len(rows),
            "total_pages": -(-len(rows) // per_page),
        }
        return {name: [shape(row) for row in rows[first : first + per_page]], "meta": meta}

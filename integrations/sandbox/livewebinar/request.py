"""What an operation is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from integrations.sandbox.livewebinar.fields import Fields
from integrations.sandbox.livewebinar.refusal import not_found
from integrations.sandbox.store import Row

if TYPE_CHECKING:
    from integrations.sandbox.livewebinar.account import LiveWebinarAccount


@dataclass
class ApiRequest:
    """One request: whose it is and what it carries (query and body together)."""

    account: LiveWebinarAccount
    form: dict[str, Any]

    @property
    def fields(self) -> Fields:
        return Fields(self.form)

    def widget(self, widget_id: int) -> Row:
        """Raises Refusal 404."""
        return self.row("widgets", widget_id, "widget")

    def row(self, table: str, row_id: int, what: str) -> Row:
        """Raises Refusal 404."""
        row = self.account.store.get(table, row_id)
        if row is None:
            raise not_found(what)
        return row

"""WebinarFuel's API, emulated: written from its document and from what public clients send.

`api` has the table of operations; `webinars`, `registrants` and `registrant_sessions` answer them;
`account_webinars` and `account` are the same account seen from the platform's side; `schedule`
knows when sessions start; `pages` stands in for the addresses that answers point at.
"""

from __future__ import annotations

import hmac
from typing import Any, ClassVar

from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.forms import Pairs
from integrations.sandbox.journal import HIDDEN
from integrations.sandbox.platform import Account, Edit, PlatformSandbox, Thing
from integrations.sandbox.webinarfuel import api, edits, pages, seed
from integrations.sandbox.webinarfuel.account import WebinarFuelAccount
from integrations.sandbox.webinarfuel.refusal import Refusal


class WebinarFuelSandbox(PlatformSandbox):
    slug = "webinarfuel"
    title = "WebinarFuel"
    account_class: ClassVar[type[Account]] = WebinarFuelAccount
    demo_accounts: ClassVar[dict[str, dict[str, str]]] = {
        label: {"api_key": key} for label, key in seed.API_KEYS.items()
    }
    edits: ClassVar[tuple[Edit, ...]] = edits.EDITS

    def account_of(self, call: Call) -> WebinarFuelAccount | None:
        """By `Authorization: Bearer KEY`; for OneClick by the key of one of its webinars."""
        if api.is_oneclick(call):
            return self._by_oneclick(dict(call.query).get("oneclick_key", "").strip())
        scheme, _, key = call.header("authorization").partition(" ")
        if scheme.lower() != "bearer":
            return None
        for account in self.accounts.values():
            if hmac.compare_digest(account.credentials["api_key"].encode(), key.strip().encode()):
                found: WebinarFuelAccount = account
                return found
        return None

    def handle(self, call: Call) -> Response:
        if call.path.startswith("/app/"):
            return pages.answer(self.accounts, call)
        return api.answer(self.account_of(call), call)

    def error(self, status: int, message: str) -> Response:
        return Refusal(status, message).answer()

    def empty_lists(self, answer: Any) -> Any:
        """Only what is paged is a list of things; `meta` counts none."""
        if not isinstance(answer, dict) or "meta" not in answer:
            return answer
        meta = {**answer["meta"], "total_items": 0, "total_pages": 0}
        return {**super().empty_lists(answer), "meta": meta}

    def for_journal(self, fields: Pairs) -> Pairs:
        """A OneClick key lets anyone register, and stands in the address."""
        hidden = [
            (name, HIDDEN if name.strip() == "oneclick_key" else value) for name, value in fields
        ]
        return super().for_journal(hidden)

    def seed(self) -> None:
        for label, account in self.accounts.items():
            seed.fill(account, label)

    def things(self, account: WebinarFuelAccount) -> list[Thing]:
        return edits.things(account)

    def _by_oneclick(self, key: str) -> WebinarFuelAccount | None:
        for account in self.accounts.values():
            if key and account.store.rows("webinars", oneclick_key=key):
                found: WebinarFuelAccount = account
                return found
        return None

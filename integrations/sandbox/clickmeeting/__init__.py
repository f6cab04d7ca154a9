"""ClickMeeting's API, emulated: written from its document and from what public clients send.

`api` has the table of operations; `rooms`, `access`, `sessions`, `registrations`, `library` and
`lookups` answer them, a topic each; `account` is the same account seen from the platform's side;
`pages` stands in for the addresses that answers point at.
"""

from __future__ import annotations

import hmac
from typing import ClassVar

from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.clickmeeting import api, edits, pages, seed
from integrations.sandbox.clickmeeting.account import ClickMeetingAccount
from integrations.sandbox.clickmeeting.refusal import Refusal
from integrations.sandbox.platform import Account, Edit, PlatformSandbox, Thing


class ClickMeetingSandbox(PlatformSandbox):
    slug = "clickmeeting"
    title = "ClickMeeting"
    api_path = "v1"
    account_class: ClassVar[type[Account]] = ClickMeetingAccount
    demo_accounts: ClassVar[dict[str, dict[str, str]]] = {
        label: {"api_key": key} for label, key in seed.API_KEYS.items()
    }
    demo_pace: ClassVar[int | None] = 600
    edits: ClassVar[tuple[Edit, ...]] = edits.EDITS

    def account_of(self, call: Call) -> ClickMeetingAccount | None:
        """By the header `X-Api-Key`, or by `?api_key=` as one public client sends it."""
        key = (call.header("x-api-key") or dict(call.query).get(api.KEY, "")).encode()
        for account in self.accounts.values():
            if hmac.compare_digest(account.credentials["api_key"].encode(), key):
                found: ClickMeetingAccount = account
                return found
        return None

    def handle(self, call: Call) -> Response:
        step, _, rest = call.path.lstrip("/").partition("/")
        if step == self.api_path:
            return api.answer(self.account_of(call), call, f"/{rest}")
        return pages.answer(self.accounts, call)

    def error(self, status: int, message: str) -> Response:
        return Refusal(status, [("request", message)]).answer()

    def seed(self) -> None:
        for label, account in self.accounts.items():
            seed.fill(account, label)

    def things(self, account: ClickMeetingAccount) -> list[Thing]:
        return edits.things(account)

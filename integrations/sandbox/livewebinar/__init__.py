"""LiveWebinar's API (Archiebot), emulated: written from its document and from what public clients
send.

`api` has the table of operations; `login` (clients, logins, tokens), `widgets`, `people` and
`undocumented` answer them, a topic each; `account` and `account_people` are the same account seen
from the platform's side; `consent` is the page where a user lets an application in, `pages` and
`downloads` stand in for the addresses that answers point at.

On the platform the API, the panel and the rooms have hosts of their own; here the API is below
`/livewebinar/api`, and panel (`/livewebinar/auth/oauth2/authorize`) and rooms
(`/livewebinar/123-123-123`) are directly below `/livewebinar`.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.forms import Pairs
from integrations.sandbox.journal import HIDDEN
from integrations.sandbox.livewebinar import api, edits, listing, login, pages, seed
from integrations.sandbox.livewebinar.account import LiveWebinarAccount
from integrations.sandbox.livewebinar.refusal import Refusal
from integrations.sandbox.platform import Account, Edit, PlatformSandbox, Thing

_SECRET = re.compile(r"token|secret|password|^code$", re.IGNORECASE)
_ROLE = re.compile(r"^(/[\d-]+/x/).*")


class LiveWebinarSandbox(PlatformSandbox):
    slug = "livewebinar"
    title = "LiveWebinar"
    api_path = "api"
    account_class: ClassVar[type[Account]] = LiveWebinarAccount
    demo_accounts: ClassVar[dict[str, dict[str, str]]] = seed.CREDENTIALS
    demo_options: ClassVar[dict[str, dict[str, str]]] = {
        label: {"beyond": "yes"} for label in seed.CREDENTIALS
    }
    edits: ClassVar[tuple[Edit, ...]] = edits.EDITS

    def account_of(self, call: Call) -> LiveWebinarAccount | None:
        """By the bearer token; a login is counted for the account that it opens."""
        scheme, _, token = call.header("authorization").partition(" ")
        if scheme.lower() == "bearer":
            return login.account_of_token(self.accounts, token.strip())
        if call.path.rstrip("/") == f"/{self.api_path}/auth/login":
            sent = dict(call.fields)
            names = ("identifier", "client_id", "client_secret")
            return login.account_of_login(self.accounts, {one: sent.get(one, "") for one in names})
        return None

    def path_of(self, call: Call) -> str:
        """Without the hash that lets its holder into a room as a host or presenter."""
        return _ROLE.sub(rf"\1{HIDDEN}", call.path)

    def handle(self, call: Call) -> Response:
        step, _, _ = call.path.lstrip("/").partition("/")
        if step == self.api_path:
            return api.answer(self.accounts, self.account_of(call), call)
        return pages.answer(self.accounts, call)

    def error(self, status: int, message: str) -> Response:
        return Refusal(status, message).answer()

    def empty_lists(self, answer: Any) -> Any:
        """Lists stand in `data`; the pagination beside them then counts nothing."""
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
            return answer
        told = answer.get("meta", {}).get("pagination")
        if told is None:
            return {**answer, "data": []}
        none = listing.pagination(0, 0, told["per_page"], told["current_page"])
        return {**answer, "data": [], "meta": {"pagination": none}}

    def for_journal(self, fields: Pairs) -> Pairs:
        """Tokens of every kind, codes, secrets and passwords are hidden."""
        return [(name, HIDDEN if _SECRET.search(name) else value) for name, value in fields]

    def seed(self) -> None:
        for label, account in self.accounts.items():
            seed.fill(account, label)

    def things(self, account: LiveWebinarAccount) -> list[Thing]:
        return edits.things(account)

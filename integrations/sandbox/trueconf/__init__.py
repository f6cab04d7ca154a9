"""TrueConf Server's API, emulated: written from its document and from what public clients send.

`api` has the table of operations, `oauth` and `authorize` the tokens; one module a topic answers
(`conferences`, `running`, `invitations`, `participants`, `sessions`, `users`, `groups`, `contacts`,
`presets`, `templates`, `records`, `logs`, `other_logs`, `calendars`, `software`). `account` is the
same server seen from its own side. `pages` stands in for the addresses that answers point at.

All accounts share one address; a token (or the client of a token request) says which is meant.
"""

from __future__ import annotations

from typing import Any, ClassVar

from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.forms import Pairs
from integrations.sandbox.journal import HIDDEN, hide_secret_fields
from integrations.sandbox.platform import Account, Edit, PlatformSandbox, Thing
from integrations.sandbox.trueconf import api, authorize, edits, oauth, pages, seed
from integrations.sandbox.trueconf.account import TrueConfAccount
from integrations.sandbox.trueconf.refusal import Refusal, detail

TOKEN, AUTHORIZE = "/oauth2/v1/token", "/oauth2/v1/authorize"
SECRETS = {"pin", "code", "stream_key", "payload"}
REASONS = {
    401: "accessTokenInvalid",
    403: "forbidden",
    429: "tooManyRequests",
    500: "internalServerError",
    503: "serviceUnavailable",
}


class TrueConfSandbox(PlatformSandbox):
    """The emulated TrueConf Server."""

    slug = "trueconf"
    title = "TrueConf Server"
    api_path = ""
    account_class: ClassVar[type[Account]] = TrueConfAccount
    # Made-up values that open the sandbox's own accounts and nothing else.
    demo_accounts: ClassVar[dict[str, dict[str, str]]] = {
        label: {
            "client_id": f"{made_up}-trueconf-client",
            "client_secret": f"{made_up}-trueconf-secret",
            "secret_key": f"{made_up}-trueconf-permanent-key",
            "username": f"{made_up}.admin",
            "password": f"{made_up}-trueconf-password",
        }
        for label, made_up in (("demo", "demo"), ("second", "second-demo"))
    }
    demo_options: ClassVar[dict[str, dict[str, str]]] = {
        label: {"owner": one["username"], "server_zone": TrueConfAccount.zone}
        for label, one in demo_accounts.items()
    }
    edits: ClassVar[tuple[Edit, ...]] = edits.EDITS

    def account_of(self, call: Call) -> TrueConfAccount | None:
        """By token or permanent key; a token request by its client, user, code or refresh token."""
        if call.path.rstrip("/") == TOKEN:
            return oauth.account_asking(self.accounts, call)
        below = call.path.partition("/api/")[2].partition("/")[2]
        return api.asked_account(self.accounts, call, f"/{below}")

    def handle(self, call: Call) -> Response:
        """Tokens and the consent page, then the API, then the pages that answers point at."""
        path = call.path.rstrip("/")
        if path == TOKEN:
            if call.method != "POST":
                return self.error(405, "Method Not Allowed")
            return oauth.token(self.accounts, call)
        if path == AUTHORIZE:
            return authorize.answer(self.accounts, call)
        first, _, rest = call.path.lstrip("/").partition("/")
        if first == "api":
            version, _, below = rest.partition("/")
            return api.answer(self.accounts, call, version, f"/{below}")
        return pages.answer(self.accounts, call)

    def error(self, status: int, message: str) -> Response:
        """For faults: a refusal in the API's envelope."""
        return Refusal(status, detail(REASONS.get(status, "error"), message)).answer()

    def empty_lists(self, answer: Any) -> Any:
        """Counts and cursors say the same as the lists."""
        empty = super().empty_lists(answer)
        if isinstance(empty, dict):
            ends = {"cnt": 0, "count": 0, "next_page_id": -1}
            empty.update({name: end for name, end in ends.items() if name in empty})
        return empty

    def for_journal(self, fields: Pairs) -> Pairs:
        """JSON that was sent under a form's content type is one field with secrets in its name."""
        shown = [
            (HIDDEN, "") if name.lstrip()[:1] in "{[" else (name, value) for name, value in fields
        ]
        return [
            (name, HIDDEN if _is_secret(name) else value)
            for name, value in hide_secret_fields(shown)
        ]

    def seed(self) -> None:
        """Fill the demo accounts."""
        for label, account in self.accounts.items():
            seed.fill(account, label)

    def things(self, account: TrueConfAccount) -> list[Thing]:
        """What the control page can edit on this server."""
        return edits.things(account)


def _is_secret(name: str) -> bool:
    """Also inside an array, as in `payload[password]`."""
    return any(part in name for part in ("password", "secret", "token")) or (
        name.partition("[")[0] in SECRETS
    )

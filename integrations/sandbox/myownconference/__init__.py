"""MyOwnConference's API, emulated: written from its document and from what public clients send.

`envelope` reads the one form field and writes answers, `api` has the table of commands; `profile`,
`moderators`, `attendees`, `groups`, `webinars`, `letters`, `live` and `library` answer them, a
topic each; `account` and `account_people` are the same account seen from the platform's side;
`pages` stands in for the addresses that answers point at.
"""

from __future__ import annotations

import hmac
from typing import Any, ClassVar

from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.forms import Pairs
from integrations.sandbox.myownconference import api, edits, envelope, pages, seed
from integrations.sandbox.myownconference.account import MyOwnConferenceAccount
from integrations.sandbox.platform import Account, Edit, PlatformSandbox, Thing


class MyOwnConferenceSandbox(PlatformSandbox):
    """A command's name stands for its path in faults and in the journal: `/webinarsList`."""

    slug = "myownconference"
    title = "MyOwnConference"
    account_class: ClassVar[type[Account]] = MyOwnConferenceAccount
    demo_accounts: ClassVar[dict[str, dict[str, str]]] = {
        label: {"api_key": key} for label, key in seed.API_KEYS.items()
    }
    edits: ClassVar[tuple[Edit, ...]] = edits.EDITS

    def account_of(self, call: Call) -> MyOwnConferenceAccount | None:
        """By `key` inside the form field `request`."""
        key = envelope.read(call).key.encode()
        for account in self.accounts.values():
            if hmac.compare_digest(account.credentials["api_key"].encode(), key):
                found: MyOwnConferenceAccount = account
                return found
        return None

    def path_of(self, call: Call) -> str:
        """The command, which stands for a path."""
        return envelope.path(call)

    def handle(self, call: Call) -> Response:
        """A command at `/`; the pages that answers point at elsewhere."""
        if call.path.rstrip("/"):
            return pages.answer(self.accounts, call)
        return api.answer(self.account_of(call), envelope.read(call))

    def error(self, status: int, message: str) -> Response:
        """For faults. The platform's own refusals come with HTTP 200."""
        return envelope.ApiRequest().refusal(message, status)

    def empty_lists(self, answer: Any) -> Any:
        """For faults: an answer as if the account were empty."""
        return envelope.empty_lists(answer)

    def for_journal(self, fields: Pairs) -> Pairs:
        """What the journal may show of a request."""
        return envelope.without_secrets(fields)

    def seed(self) -> None:
        """Fill the demo accounts."""
        for label, account in self.accounts.items():
            seed.fill(account, label)

    def things(self, account: MyOwnConferenceAccount) -> list[Thing]:
        """What the control page can edit in this account."""
        return edits.things(account)

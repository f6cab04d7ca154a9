"""One TrueConf Server, seen from its own side: what its administrator does, what people do."""

from __future__ import annotations

import secrets

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf.account_people import secret_hash
from integrations.sandbox.trueconf.account_sessions import SessionsOfServer
from integrations.sandbox.world import World

ACCESS, REFRESH, CODE = "access", "refresh", "code"


class TrueConfAccount(SessionsOfServer):
    """A server with everything on it; one user, the administrator, is there from the start.

    Methods take and answer rows of the store and ids of rows (`row["id"]`, a number); a row's
    `address` is the id that the API knows (a conference's `id`, a call's `stream_id`, a login).
    Times given are aware; times in rows are Unix seconds. EditRefused where there is no such row.

    - conferences: `add_conference`, `rename`, `move`, `edit_conference`, `delete`, `conference`,
      `conferences`, `next_start`
    - people invited: `invite`, `uninvite`, `invitations`, `register`, `registrations`
    - runs: `start_session`, `end_session`, `join`, `leave`, `say`, `running_call`, `sessions`,
      `visits`, `add_recording`, `delete_recording`, `recordings`
    - users and groups: `add_user`, `edit_user`, `delete_user`, `user`, `add_group`, `edit_group`,
      `delete_group`, `put_into_group`, `take_out_of_group`, `members`, `add_contact`
    - other: `add_preset`, `add_template`, `log_event`, `change_setting`, `expire_tokens`

    The attributes of `account_base.ServerBase` set versions, permissions, zones, limits and quirks.
    """

    def __init__(self, world: World, label: str, credentials: dict[str, str]) -> None:
        super().__init__(world, label, credentials)
        self.add_user(
            self.administrator,
            "Administrator",
            password=credentials.get("password", ""),
            administrator=True,
        )

    # Tokens: kept as hashes, so that the state shows none.

    def issue(self, kind: str, seconds: int, **values: object) -> str:
        """A new token (or code) that is good for so many seconds."""
        token = secrets.token_hex(20)
        row: Row = {"address": secret_hash(token), "kind": kind, "expires": self.now() + seconds}
        self.store.add("tokens", {**row, **values})
        return token

    def token(self, kind: str, token: str) -> Row | None:
        """A token that was issued, whether or not it has run out."""
        row = self.by_address("tokens", secret_hash(token))
        return row if row and row["kind"] == kind else None

    def is_good(self, token: Row) -> bool:
        """Whether a token has not run out."""
        return bool(token["expires"] > self.now())

    def expire_tokens(self, *, refresh: bool = False) -> int:
        """Let all access tokens run out, with `refresh` those for renewal too; says how many."""
        kinds = (ACCESS, REFRESH) if refresh else (ACCESS,)
        with self.world.lock:
            good = [row for row in self.store.rows("tokens") if row["kind"] in kinds]
            for row in good:
                self.store.change("tokens", row["id"], expires=self.now())
            return len(good)

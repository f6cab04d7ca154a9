"""Tokens, codes and app clients of an account. Rows keep fingerprints, never what opens doors.

Times run on the world's clock. An access token and the refresh token beside it are a pair: a
refresh spends both (a refresh token "is spent by its use", so the vendor's document is read here
in the strictest way: a client that lost the answer needs the user's consent again).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from integrations.sandbox.livewebinar import moments
from integrations.sandbox.platform import Account
from integrations.sandbox.store import Row

ACCESS, REFRESH, CODE = "access", "refresh", "code"
# How long an authorization code may wait to be exchanged; the document does not say.
CODE_SECONDS = 600
SECRET_LENGTH = 40  # as in the document's example


def fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def issue(account: Account, kind: str, seconds: int, **facts: Any) -> str:
    """A new token, known from now on; expired ones are forgotten on the way."""
    now = account.world.now()
    for row in account.store.rows("tokens"):
        if row["expires"] <= moments.keep(now):
            account.store.remove("tokens", row["id"])
    token = secrets.token_urlsafe(30)
    expires = moments.keep(now + timedelta(seconds=seconds))
    account.store.add(
        "tokens", {"kind": kind, "address": fingerprint(token), "expires": expires, **facts}
    )
    return token


def find(account: Account, kind: str, token: str) -> Row | None:
    """A token's row, unless it has expired."""
    now = moments.keep(account.world.now())
    rows = account.store.rows("tokens", address=fingerprint(token), kind=kind)
    return next((row for row in rows if row["expires"] > now), None)


def issue_pair(account: Account, client_id: str, access: int, refresh: int) -> dict[str, Any]:
    """What an exchange or a refresh answers, flat; `access` and `refresh` are their seconds."""
    pair = secrets.token_hex(8)
    facts = {"client_id": client_id, "pair": pair}
    return {
        "access_token": issue(account, ACCESS, access, **facts),
        "token_type": "Bearer",
        "expires_in": access,
        "refresh_token": issue(account, REFRESH, refresh, **facts),
    }


def spend(account: Account, row: Row) -> None:
    """Make a token unusable, and the rest of its pair."""
    pair = account.store.rows("tokens", pair=row["pair"]) if "pair" in row else [row]
    for one in pair:
        account.store.remove("tokens", one["id"])


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_LENGTH)[:SECRET_LENGTH]


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(fingerprint(one), fingerprint(other))

"""The commands of a webinar's letters: set with YES and NO, read as "1" and "0"."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from integrations.sandbox.myownconference import zone
from integrations.sandbox.myownconference.account import LETTERS, MyOwnConferenceAccount
from integrations.sandbox.myownconference.params import Params, Refusal
from integrations.sandbox.myownconference.shapes import done, own_webinar
from integrations.sandbox.store import Row

# How long before the start a letter goes out; the others go after the end, or with it.
BEFORE = {
    "3DAY": timedelta(days=3),
    "1DAY": timedelta(days=1),
    "1HOUR": timedelta(hours=1),
    "STARTED": timedelta(),
}
ALWAYS_ON = "1HOUR"


def get_info(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsGetLettersInfo."""
    params.known("alias")
    webinar = own_webinar(account, params)
    return {kind: _letter_shape(account, webinar, kind) for kind in LETTERS}


def change(account: MyOwnConferenceAccount, params: Params) -> Any:
    """`text` is the signature of one kind of letter; an empty one takes it away."""
    params.known("alias", "text", "type", "enabled")
    webinar = own_webinar(account, params)
    kind = params.choice("type", LETTERS, required=True) or ""
    enabled, text = params.flag("enabled"), params.text("text")
    if kind == ALWAYS_ON and enabled is False:
        raise Refusal(f"Letter {kind} cannot be disabled")
    letter = dict(webinar["letters"][kind])
    letter |= {} if enabled is None else {"enabled": enabled}
    letter |= {} if text is None else {"text": text}
    account.edit_webinar(webinar["alias"], letters={**webinar["letters"], kind: letter})
    return done("Letter was updated")


def switch_off(account: MyOwnConferenceAccount, params: Params) -> Any:
    """For all letters; what was set for each is kept."""
    params.known("alias")
    account.edit_webinar(own_webinar(account, params)["alias"], letters_on=False)
    return done("Letters were disabled")


def switch_on(account: MyOwnConferenceAccount, params: Params) -> Any:
    """The command webinarsLettersOn."""
    params.known("alias")
    account.edit_webinar(own_webinar(account, params)["alias"], letters_on=True)
    return done("Letters were enabled")


def _letter_shape(account: MyOwnConferenceAccount, webinar: Row, kind: str) -> dict[str, str]:
    letter = webinar["letters"][kind]
    enabled = letter["enabled"] and webinar["letters_on"]
    status = "end" if _is_out(account, webinar, kind) else "wait"
    return {"enabled": str(int(enabled)), "status": status, "text": letter["text"]}


def _is_out(account: MyOwnConferenceAccount, webinar: Row, kind: str) -> bool:
    if kind not in BEFORE:
        return account.status(webinar) == "FINISHED"
    return zone.moment(webinar["start"]) - BEFORE[kind] <= account.world.now()

"""The operations' addresses, and the way from a call to the operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.livewebinar import login, people, undocumented, widgets
from integrations.sandbox.livewebinar.account import LiveWebinarAccount
from integrations.sandbox.livewebinar.fields import Fields, sent
from integrations.sandbox.livewebinar.refusal import Refusal
from integrations.sandbox.livewebinar.request import ApiRequest
from integrations.sandbox.platform import json_answer

ACCEPT = "application/vnd.archiebot.v1+json"
WIDGET = "/widgets/<int:widget_id>"
TOKENS = "/account/widget_tokens"
REPORT = "/reports/widget/<int:widget_id>/event/xls"

# Operations that want no token: they are how one gets it.
DOORS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("POST", "/oauth/clients", login.register_client),
    ("POST", "/oauth/access_token", login.exchange),
    ("POST", "/oauth/access_token/refresh", login.refresh),
    ("POST", "/auth/login", login.log_in),
)
OPERATIONS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "/me", people.me),
    ("GET", "/users/<int:user_id>", people.get_user),
    ("PUT", "/users/<int:user_id>", people.update_user),
    ("GET", "/users/autologinToken", undocumented.autologin_token),
    ("GET", "/widgets", widgets.list_all),
    ("POST", "/widgets", widgets.create),
    ("GET", WIDGET, widgets.get),
    ("PUT", WIDGET, widgets.update),
    ("DELETE", WIDGET, widgets.delete),
    # The document names both without a method; the vendor switches users by PUT.
    ("PUT", f"{WIDGET}/enable", widgets.enable),
    ("POST", f"{WIDGET}/enable", widgets.enable),
    ("PUT", f"{WIDGET}/disable", widgets.disable),
    ("POST", f"{WIDGET}/disable", widgets.disable),
    ("POST", f"{WIDGET}/personal", people.create_link),
    ("GET", f"{WIDGET}/recordings", undocumented.list_recordings),
    ("GET", f"{WIDGET}/registrants", people.list_registrants),
    ("POST", f"{WIDGET}/registrants", people.register),
    ("GET", f"{WIDGET}/participants", people.list_participants),
    ("GET", f"{WIDGET}/presenters", people.list_widget_presenters),
    ("GET", f"{WIDGET}/invites", people.list_invites),
    ("POST", f"{WIDGET}/invites/invite", people.invite),
    ("GET", "/presenters", people.list_presenters),
    ("GET", "/presenters/<int:presenter_id>", people.get_presenter),
    ("GET", "/forms", undocumented.list_forms),
    ("POST", "/forms", undocumented.create_form),
    ("GET", "/forms/<int:form_id>", undocumented.get_form),
    ("PUT", "/forms/<int:form_id>", undocumented.update_form),
    ("GET", "/storage", undocumented.list_files),
    ("GET", "/storage/<int:file_id>", undocumented.get_file),
    ("POST", TOKENS, undocumented.create_tokens),
    ("POST", f"{TOKENS}/items/generate/<int:group_id>", undocumented.more_tokens),
    ("DELETE", f"{TOKENS}/<int:group_id>", undocumented.delete_tokens),
    ("GET", "/account/widget_user_tokens/<int:widget_id>", undocumented.token_groups),
    ("POST", "/reports", undocumented.create_report),
    ("GET", REPORT, undocumented.get_report),
    ("GET", f"{REPORT}/true", undocumented.drop_report),
)
_OPEN = {operation for _, _, operation in DOORS}
_ADDRESSES = Map(
    [Rule(path, methods=[verb], endpoint=found) for verb, path, found in (*DOORS, *OPERATIONS)],
    strict_slashes=False,
    redirect_defaults=False,
).bind("sandbox")


def answer(accounts: login.Accounts, account: LiveWebinarAccount | None, call: Call) -> Response:
    """Answer an API call; its path stands below `/api`, which the call's path still has."""
    try:
        result = _result(accounts, account, call)
    except Refusal as refusal:
        return refusal.answer()
    return result if isinstance(result, Response) else json_answer(result)


def _result(accounts: login.Accounts, account: LiveWebinarAccount | None, call: Call) -> Any:
    if call.problem:
        raise Refusal(call.problem_status, call.problem)
    operation, ids = _operation(call)
    if operation in _OPEN:
        return operation(accounts, Fields(sent(call)))
    _check_accept(call)
    if account is None:
        raise Refusal(401, "The token is missing, wrong or has expired.")
    return operation(ApiRequest(account, sent(call)), **ids)


def _check_accept(call: Call) -> None:
    """ "Required API header", on every call but those by which one gets in: a public client logs in
    without it."""
    wanted = [one.partition(";")[0].strip() for one in call.header("accept").lower().split(",")]
    if ACCEPT not in wanted:
        raise Refusal(400, f"The header Accept must be {ACCEPT}.")


def _operation(call: Call) -> tuple[Callable[..., Any], dict[str, Any]]:
    path = call.path.removeprefix("/api") or "/"
    try:
        operation, ids = _ADDRESSES.match(path, method=call.method)
    except (HTTPException, ValueError) as error:  # ValueError: an id of thousands of digits
        status = getattr(error, "code", None) or 404
        text = "This method is not allowed here." if status == 405 else "There is nothing here."
        raise Refusal(status, text) from None
    return operation, dict(ids)

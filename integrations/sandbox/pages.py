"""The control page at `/`: plain forms, works without JavaScript."""

from __future__ import annotations

from itertools import islice
from typing import Any

from markupsafe import Markup, escape
from werkzeug.wrappers import Request, Response

from integrations.sandbox.control import describe_scope
from integrations.sandbox.faults import KINDS
from integrations.sandbox.journal import Entry
from integrations.sandbox.layout import page
from integrations.sandbox.platform import Edit, EditField, PlatformSandbox, Thing
from integrations.sandbox.world import World

SHOWN_REQUESTS = 40


def answer(world: World, request: Request) -> Response:
    if request.path != "/":
        return page("Not here", Markup("<p>There is no such page.</p>"), status=404)
    if request.method not in ("GET", "HEAD"):
        return page("Not like this", Markup("<p>This page can only be read.</p>"), status=405)
    with world.lock:
        platforms = _all(_platform(world, one) for one in world.platforms())
    note = request.args.get("note", "")
    shown_note = Markup("<p class='note' role='alert'>{}</p>").format(note) if note else ""
    body = Markup("{}{}{}{}").format(shown_note, _faults(world), platforms, _requests(world))
    return page("What the platforms do", body)


def _all(parts: Any) -> Markup:
    return Markup("").join(parts)


def _form(action: str, label: str, inner: Markup | str = "", style: str = "") -> Markup:
    return Markup(
        "<form method='post' action='/_control/{}'>{}<button class='{}'>{}</button></form>"
    ).format(action, inner, style, label)


def _faults(world: World) -> Markup:
    active = _all(
        Markup("<li><span><strong>{}</strong> {}</span>{}</li>").format(
            KINDS[fault.kind],
            describe_scope(fault),
            _form(f"faults/{fault.id}/remove", "Switch off"),
        )
        for fault in world.faults.active()
    )
    shown = Markup("<ul class='active'>{}</ul>").format(active) if active else _calm()
    clear = _form("faults/clear", "Switch all off") if active else ""
    return Markup(
        "<section><h2>Faults</h2>{}{}<details><summary>Let something go wrong</summary>{}"
        "</details></section>"
    ).format(shown, clear, _form("faults", "Switch on", _fault_fields(world), "strong"))


def _calm() -> Markup:
    return Markup("<p class='quiet'>None is on: everything answers as it should.</p>")


def _fault_fields(world: World) -> Markup:
    platforms = (("", "all"), *((one.slug, one.title) for one in world.platforms()))
    fields = (
        EditField("kind", "What", kind="select", choices=tuple(KINDS.items())),
        EditField("platform", "Platform", kind="select", choices=platforms),
        EditField("account", "Account (empty: any)"),
        EditField("method", "Method (empty: any)"),
        EditField("path", "Path pattern (empty: any)"),
        EditField("count", "How many requests (empty: until switched off)", "1", "number"),
        EditField("probability", "Probability from 0 to 1", "1"),
        EditField("seconds", "Seconds (slow, drip)", "3"),
        EditField("retry_after", "Retry-After in seconds (429, 503)", "30", "number"),
    )
    return _all(_field(one, one.value) for one in fields)


def _platform(world: World, platform: PlatformSandbox) -> Markup:
    accounts = _all(_account(platform, label) for label in platform.accounts)
    base = world.url("/".join(filter(None, (f"/{platform.slug}", platform.api_path))))
    return Markup(
        "<section><h2>{}</h2><p class='quiet'>Base URL <code>{}</code></p>{}</section>"
    ).format(platform.title, base, accounts)


def _account(platform: PlatformSandbox, label: str) -> Markup:
    account = platform.accounts[label]
    keys = ", ".join(f"{name} {value}" for name, value in account.credentials.items())
    things = platform.things(account)
    rows = _all(_thing(platform, label, thing) for thing in things)
    empty = Markup("<p class='quiet'>Nothing here yet.</p>")
    return Markup("<h3>Account {} <code>{}</code></h3>{}").format(
        label, keys, Markup("<ul class='things'>{}</ul>").format(rows) if rows else empty
    )


def _thing(platform: PlatformSandbox, label: str, thing: Thing) -> Markup:
    edits = _all(_edit(platform, label, thing, one) for one in platform.edits if one.shown)
    return Markup(
        "<li><details><summary><span class='state {}'>{}</span><span><strong>{}</strong>"
        "<br><span class='quiet'>{}; {}</span></span></summary>"
        "<p><a href='{}'>Its page</a> <span class='quiet'>id {}</span></p>"
        "<div class='edits'>{}</div></details></li>"
    ).format(
        thing.state, thing.state, thing.title, thing.when, thing.facts, thing.url, thing.id, edits
    )


def _edit(platform: PlatformSandbox, label: str, thing: Thing, edit: Edit) -> Markup:
    hidden = {"platform": platform.slug, "account": label, "edit": edit.name, "id": thing.id}
    fields = _all(
        Markup("<input type='hidden' name='{}' value='{}'>").format(name, value)
        for name, value in hidden.items()
    ) + _all(_field(one, thing.defaults.get(one.name, one.value)) for one in edit.fields)
    return _form("edit", edit.label, fields, "danger" if edit.name == "delete" else "")


def _field(field: EditField, value: str) -> Markup:
    if field.kind == "select":
        options = _all(
            Markup("<option value='{}'>{}</option>").format(choice, text)
            for choice, text in field.choices
        )
        control = Markup("<select name='{}'>{}</select>").format(field.name, options)
    else:
        control = Markup("<input type='{}' name='{}' value='{}'>").format(
            field.kind, field.name, value
        )
    return Markup("<label><span>{}</span>{}</label>").format(field.label, control)


def _requests(world: World) -> Markup:
    last = list(islice(reversed(list(world.requests)), SHOWN_REQUESTS))
    rows = Markup(
        "<div class='wide'><table><thead><tr><th>Time (UTC)<th>Account<th>Request<th>Sent"
        "<th>Answer<th>Faults</tr></thead><tbody>{}</tbody></table></div>"
    ).format(_all(map(_request, last)))
    clear = _form("requests/clear", "Clear the list")
    reset = _form("reset", "Start over with the seed world", style="danger")
    return Markup("<section><h2>Last requests</h2>{}<div class='row'>{}{}</div></section>").format(
        rows if last else Markup("<p class='quiet'>None yet.</p>"), clear, reset
    )


def _request(entry: Entry) -> Markup:
    sent = ", ".join(f"{name}={value}" for name, value in (*entry.query, *entry.form))
    status = entry.status or ("line cut" if entry.faults else "under way")
    good = "good" if isinstance(status, int) and status < 400 else "bad"
    return Markup(
        "<tr><td>{}<td>{} {}<td><code>{} {}</code><td class='sent'>{}<td class='{}'>{}<td>{}</tr>"
    ).format(
        f"{entry.at:%H:%M:%S}",
        entry.platform,
        entry.account,
        entry.method,
        entry.path,
        escape(sent[:160]),
        good,
        status,
        ", ".join(entry.faults),
    )

"""Rows as the API answers them. Times are UNIX seconds; switches are 0 or 1.

Sources: attributes that the vendor's public clients read (`data.id`, `token`, `type`, `start_date`,
`duration`, `timezone`, `agenda`, `password`, `roles.host`, `hosted_at.presenter`,
`hosted_at.host`). Those of participants, registrants and invites are guesses in the same manner.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integrations.sandbox.livewebinar import moments
from integrations.sandbox.livewebinar.account import SWITCHES
from integrations.sandbox.store import Row

if TYPE_CHECKING:
    from integrations.sandbox.livewebinar.account import LiveWebinarAccount

Shape = dict[str, Any]


def room_url(account: LiveWebinarAccount, widget: Row, role: str = "attendee") -> str:
    """ "Direct presenter role room URL": the room's token, `/x/`, the role's hash."""
    base = account.world.url(f"/livewebinar/{widget['token']}")
    return base if role == "attendee" else f"{base}/x/{widget['roles'][role]}"


def widget_shape(account: LiveWebinarAccount, widget: Row) -> Shape:
    return {
        "id": widget["id"],
        "token": widget["token"],
        "name": widget["name"],
        "type": widget["type"],
        "status": widget["status"],
        "start_date": moments.unix(widget["start_date"]),
        "duration": widget["duration"],
        "timezone": widget["timezone"],
        "agenda": widget["agenda"],
        "password": widget["password"],
        "custom_name": widget["custom_name"],
        **{name: int(widget[name]) for name in SWITCHES},
        "autostart": dict(widget["autostart"]),
        "form": _form_of(account, widget),
        "presenters": list(widget["presenters"]),
        "roles": dict(widget["roles"]),
        "hosted_at": {role: room_url(account, widget, role) for role in widget["roles"]},
        "created_at": moments.unix(widget["created_at"]),
        "updated_at": moments.unix(widget["updated_at"]),
    }


def user_shape(account: LiveWebinarAccount, user: Row) -> Shape:
    return {**user, "profile": dict(user["profile"])}


def link_shape(account: LiveWebinarAccount, link: Row) -> Shape:
    """A personal link: "the most important are attributes personal_token and/or personal_url"."""
    widget = account.widget(link["room_id"])
    token = link["personal_token"]
    return {
        "id": link["id"],
        "widget_id": link["room_id"],
        "email": link["email"],
        "firstname": link["first_name"],
        "lastname": link["last_name"],
        "role": link["role"],
        "personal_token": token,
        "personal_url": f"{room_url(account, widget)}?_personal_token={token}",
        "created_at": moments.unix(link["created_at"]),
    }


def registrant_shape(account: LiveWebinarAccount, row: Row) -> Shape:
    return {
        **_person(row),
        "status": row["status"],
        "form_data": dict(row["answers"]),
        "created_at": moments.unix(row["created_at"]),
    }


def invite_shape(account: LiveWebinarAccount, row: Row) -> Shape:
    return {**_person(row), "role": row["role"], "created_at": moments.unix(row["created_at"])}


def presenter_shape(account: LiveWebinarAccount, row: Row) -> Shape:
    return {name: row[name] for name in ("id", "email", "first_name", "last_name")}


def participant_shapes(account: LiveWebinarAccount, widget_id: int) -> list[Shape]:
    """Everybody who has come by now, a line for each visit; `left_at` is null while one stays."""
    now = moments.keep(account.world.now())
    return [
        _participant(session, visit, now)
        for session in account.sessions(widget_id)
        for visit in session["visits"]
        if _at(session, visit["joined"]) <= now
    ]


def form_shape(account: LiveWebinarAccount, row: Row) -> Shape:
    return dict(row)


def file_shape(account: LiveWebinarAccount, row: Row) -> Shape:
    return {
        "id": row["id"],
        "name": row["name"],
        "file_extension": row["file_extension"],
        "file_size": len(row["content"]) // 2,
        "url": account.world.url(f"/livewebinar/storage/{account.label}/{row['id']}"),
    }


def recording_shape(account: LiveWebinarAccount, row: Row) -> Shape:
    return {
        "id": row["id"],
        "name": row["name"],
        "url": account.world.url(f"/livewebinar/recordings/{account.label}/{row['id']}"),
        "duration": row["duration"],
        "created_at": moments.unix(row["created_at"]),
    }


def _person(row: Row) -> Shape:
    names = ("id", "email", "first_name", "last_name")
    return {**{name: row[name] for name in names}, "widget_id": row["room_id"]}


def _participant(session: Row, visit: Row, now: str) -> Shape:
    joined = min(_at(session, visit["joined"]), session["end"])
    left = min(_at(session, visit["left"]), session["end"])
    return {
        "id": visit["id"],
        "session_id": session["id"],
        "nickname": visit["nickname"],
        "email": visit["email"],
        "role": visit["role"],
        "joined_at": moments.unix(joined),
        "left_at": moments.unix(left) if left <= now else None,
    }


def _at(session: Row, minutes: int) -> str:
    return moments.keep(moments.moment(session["start"]) + timedelta(minutes=minutes))


def _form_of(account: LiveWebinarAccount, widget: Row) -> Shape | None:
    form = account.store.get("forms", widget["form_id"]) if widget["form_id"] else None
    return {name: form[name] for name in ("id", "name", "type")} if form else None

"""Objects as the API answers them, with the attributes that the document lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from integrations.sandbox.store import Row
from integrations.sandbox.webinarfuel import moments, schedule
from integrations.sandbox.webinarfuel.account import TRACKED

if TYPE_CHECKING:
    from integrations.sandbox.webinarfuel.account import WebinarFuelAccount

Shape = dict[str, Any]
# What a registrant session shows of where it came from and what it was watched with; the `ip`
# that can be sent is not among the attributes.
SHOWN = tuple(name for name in TRACKED if name != "ip")
SHOWN += ("time_zone", "province", "country", "city", "os", "browser", "device")


def single(
    account: WebinarFuelAccount, name: str, shape: Shape, *, bare: bool = False, **beside: Any
) -> Shape:
    """A single object under its name, or bare.

    "seen" is what public clients rely on: Pipedream's reads `webinar` and `registrant` wrapped,
    but a created registrant bare. The switch lets tests try a client with either habit.
    """
    if account.wrapping != "seen":
        bare = account.wrapping == "bare"
    return {**shape, **beside} if bare else {name: shape, **beside}


def webinar(
    account: WebinarFuelAccount, row: Row, *, most: int, exact: bool, zone: str | None
) -> Shape:
    readable_zone = schedule.shown_zone(account, row, zone)
    rows = schedule.listed(account, row, most, exact=exact)
    return {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"],
        "time_zone": row["time_zone"],
        "sessions": [_session(account, row, one, exact, readable_zone) for one in rows],
        "hosts": [_host(account, host) for host in row["hosts"]],
    }


def registrant(row: Row) -> Shape:
    """The document lists no attributes of a registrant: these are the ones that can be sent."""
    return {
        "id": row["id"],
        "email": row["email"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "phone": row["phone"],
        "tags": list(row["tags"]),
        "custom_fields": dict(row["custom_fields"]),
    }


def viewing(account: WebinarFuelAccount, row: Row) -> Shape:
    """A registrant session. Links to replay and encore are null where the webinar has none."""
    of = account.webinar(row["webinar_id"])
    return {
        "cid": row["id"],
        "webinar_id": row["webinar_id"],
        "webinar_session_id": row["session_id"],
        "registrant_id": row["registrant_id"],
        "scheduled_at": moments.shown(row["scheduled_at"]),
        "scheduled_at_in_time_zone": moments.shown_in(
            row["scheduled_at"], _viewing_zone(account, of, row)
        ),
        "canceled": row["canceled"],
        "join_url": link(account, row, "join"),
        "replay_url": link(account, row, "replay") if of["replay"] else None,
        "encore_url": link(account, row, "encore") if of["encore"] else None,
        "calendar_urls": {
            kind: link(account, row, f"calendar/{kind}") for kind in ("ics", "google", "vcs")
        },
        **{name: row[name] for name in SHOWN},
        **_attendance(account, of, row),
    }


def link(account: WebinarFuelAccount, row: Row, kind: str) -> str:
    """A personal address, on the sandbox itself."""
    code = account.code("viewing", row["id"])
    return account.world.url(f"/webinarfuel/app/{kind}/{account.label}/{row['id']}/{code}")


def webinar_url(account: WebinarFuelAccount, row: Row) -> str:
    return account.world.url(f"/webinarfuel/app/webinar/{account.label}/{row['id']}")


def _session(
    account: WebinarFuelAccount, of: Row, listed: schedule.Listed, exact: bool, zone: str
) -> Shape:
    """`scheduled_at` is absent, not null, where a rule stands for all its dates."""
    session, start = listed
    if session["recurring"] and not exact:
        rule = schedule.readable_rule(session, schedule.own_zone(account, of))
        return {"id": session["id"], "formatted_scheduled_at": rule}
    return {
        "id": session["id"],
        "scheduled_at": moments.shown(moments.keep(start)),
        "formatted_scheduled_at": moments.readable(start, zone),
    }


def _host(account: WebinarFuelAccount, host: Row) -> Shape:
    name = f"{host.get('first_name', '')} {host.get('last_name', '')}".strip()
    return {
        "email": host["email"],
        "first_name": host.get("first_name", ""),
        "last_name": host.get("last_name", ""),
        "bio": host.get("bio", ""),
        "organizer": host.get("organizer", False),
        "avatar_url": account.world.url(f"/webinarfuel/app/avatar/{quote(name or 'host')}.svg"),
    }


def _viewing_zone(account: WebinarFuelAccount, of: Row, row: Row) -> str:
    """[document, Registrant Session attributes: scheduled_at_in_time_zone]"""
    if of["time_zone"] == schedule.REGISTRANT:
        return row["time_zone"] or "UTC"
    return of["time_zone"] or account.zone


def _attendance(account: WebinarFuelAccount, of: Row, row: Row) -> Shape:
    """Seconds up to now; `watched` is true once someone has stayed for the whole length."""
    seconds, now = 0, account.world.now()
    visit = row["visit"]
    came = bool(visit) and moments.moment(visit["from"]) <= now
    if came:
        left = min(moments.moment(visit["to"]), now)
        seconds = int((left - moments.moment(visit["from"])).total_seconds())
    watched = came and seconds >= 60 * of["minutes"]
    return {"attended": came, "attended_time": seconds, "watched": watched}

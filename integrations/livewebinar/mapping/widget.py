"""A widget of theirs (a webinar or meeting room) <-> a conference of ours."""

from collections.abc import Mapping
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from integrations.base.errors import refused
from integrations.base.reading import Row
from integrations.base.records import Draft, Fields, Kind, Record
from integrations.base.texts import _
from integrations.livewebinar import payloads
from integrations.livewebinar.mapping.moments import moment_in, wall_time, zone_of
from integrations.livewebinar.mapping.rooms import Places, embed_page, role_urls
from integrations.livewebinar.payloads import PLATFORM

TYPE = {"permanent": True, "scheduled": False}
STATUS = {"active": True, "inactive": False}
FORM = "options.form"
# Ours -> theirs where the value travels as it is.
SAME = {"title": "name", "description": "agenda"}
DEFAULTS: Fields = {"permanent": False}
UTC_ZONE = ZoneInfo("UTC")


def widget_in(answer: Annotated[Any, payloads.WidgetAnswer | payloads.Widget]) -> Row:
    """The widget inside an answer: under `data`, under `widget`, or bare."""
    for envelope in ("data", "widget"):
        if isinstance(answer, dict) and envelope in answer:
            answer = answer[envelope]
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    return Row(answer, "webinar", PLATFORM)


def decode(row: Row, at: Places) -> Record:
    """A widget as shown -> a record; partial where a listing leaves out the start of a date.

    `at` is where rooms are entered. Role hashes and their addresses may differ at each
    reading: they are kept and never compared.
    """
    fields: dict[str, Any] = {"title": row.needed_text("name")}
    if "agenda" in row:
        fields["description"] = row.text("agenda") or ""
    if "password" in row:
        fields["access"] = "password" if _has_password(row) else "open"
    if "form" in row or "form_id" in row:
        fields[FORM] = _form(row)
    permanent = TYPE.get(row.text("type") or "")
    fields |= _kept({"permanent": permanent, "open": STATUS.get(row.text("status") or "")})
    zone = zone_of(row.text("timezone"))
    fields |= _kept({"timezone": row.text("timezone") if zone else None})
    fields |= _times(row, zone or UTC_ZONE, permanent)
    return Record(
        Kind.CONFERENCE,
        row.ident("id"),
        fields,
        facts=_facts(row, at),
        volatile={"roles": row.plain("roles"), "role_urls": role_urls(row, at)},
        partial=not permanent and "starts_at" not in fields,
    )


def encode_create(draft: Draft) -> Annotated[dict[str, Any], payloads.WidgetForm]:
    """A draft -> the parameters of "Create Webinar/Meeting Room". A new room is open."""
    wanted = {**DEFAULTS, **{k: v for k, v in draft.fields.items() if v is not None}}
    wanted.pop("open", None)
    sent = encode_changes(wanted, {})
    return {name: value for name, value in sent.items() if (name, value) != ("password", "")}


def encode_changes(
    changes: Fields, shown: Fields
) -> Annotated[dict[str, Any], payloads.WidgetForm]:
    """Changed fields, and how the room is now shown -> the parameters of "Update webinar".

    Beside a changed start its zone is named, and beside a zone the start as that zone's clocks
    show it, so that a new zone keeps the moment. Raises RequestRejected for a moment that wall
    time cannot say, and where a password is missing.
    """
    now = {**shown, **changes}
    sent: dict[str, Any] = {
        theirs: changes[ours] for ours, theirs in SAME.items() if changes.get(ours) is not None
    }
    if changes.get("permanent") is not None:
        sent["type"] = "permanent" if changes["permanent"] else "scheduled"
    sent |= _encode_times(changes, now) | _encode_password(changes, shown)
    if changes.get("open") is not None:
        sent["status"] = "active" if changes["open"] else "inactive"
    if FORM in changes:
        # An empty `form` takes it off, as the WordPress plugin does.
        sent["form"] = "" if changes[FORM] is None else {"id": changes[FORM]}
    return sent


def expected(fields: Fields) -> Fields:
    """What a room will show: a permanent one has neither start nor duration."""
    if fields.get("permanent"):
        return {k: None if k in ("starts_at", "duration_minutes") else v for k, v in fields.items()}
    return fields


def _encode_times(changes: Fields, now: Fields) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    scheduled_anew = changes.get("permanent") is False
    if now.get("permanent"):
        zone_alone = changes.get("timezone")
        return {"timezone": zone_alone} if zone_alone else {}
    if {"starts_at", "timezone"} & changes.keys() or scheduled_anew:
        zone = zone_of(now.get("timezone")) or UTC_ZONE
        if now.get("starts_at"):
            sent["start_date"] = wall_time(now["starts_at"], zone)
        if now.get("starts_at") or changes.get("timezone"):
            sent["timezone"] = zone.key
    minutes = now.get("duration_minutes")
    if minutes is not None and ("duration_minutes" in changes or scheduled_anew):
        sent["duration"] = minutes
    return sent


def _encode_password(changes: Fields, shown: Fields) -> dict[str, Any]:
    """A password belongs to access by password; an empty one takes it off."""
    access, password = changes.get("access"), changes.get("password")
    if access == "open":
        return {"password": ""}
    if (access or shown.get("access")) == "open" or (access is None and not password):
        return {}
    if password:
        return {"password": password}
    if shown.get("access") == "password":
        return {}
    text = _("A webinar that is protected by a password needs one.")
    raise refused(PLATFORM, "password", text)


def _times(row: Row, zone: ZoneInfo, permanent: bool | None) -> dict[str, Any]:
    """Start and duration. A permanent room has neither, and says so."""
    if permanent:
        return {"starts_at": None, "duration_minutes": None}
    starts = moment_in(row, "start_date", zone)
    minutes = row.whole("duration")
    if minutes is not None and minutes < 0:
        raise row.broken("duration")
    return _kept({"starts_at": starts, "duration_minutes": minutes if starts else None})


def _has_password(row: Row) -> bool:
    """Whether a room asks for one. The password itself goes nowhere."""
    value = row.value["password"]
    return value if isinstance(value, bool) else bool(row.text("password"))


def _form(row: Row) -> int | None:
    """The number of the web form on entry; given whole, wrapped, or as its number alone."""
    value = row.value.get("form", row.value.get("form_id"))
    if isinstance(value, dict):
        inner = value.get("data", value)
        return Row(inner, "form", PLATFORM).whole("id") if inner else None
    if value in ([], False):
        return None
    return Row({"form": value}, row.what, PLATFORM).whole("form") or None


def _facts(row: Row, at: Places) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    token = row.text("token")
    if token:
        facts = {"room_token": token, "room_url": f"{at.app}/{token}"}
        facts["embed_room_url"] = embed_page(token, at)
    # What the record's fields have no word for is kept as it was said.
    unknown = {
        "type": row.text("type") not in TYPE,
        "status": row.text("status") not in STATUS,
        "timezone": zone_of(row.text("timezone")) is None,
    }
    said = {name: row.text(name) for name, strange in unknown.items() if strange}
    return facts | {name: value for name, value in said.items() if value}


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what the answer did not say."""
    return {name: value for name, value in values.items() if value is not None}

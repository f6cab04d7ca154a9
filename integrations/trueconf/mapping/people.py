"""Users, groups and their members, invitations, the owner of a conference."""

import hashlib
import re
from typing import Annotated, Any, cast

from integrations.base.ids import join
from integrations.base.reading import Row
from integrations.base.records import Fields, Kind, Record
from integrations.base.texts import _
from integrations.trueconf.mapping.answers import ident
from integrations.trueconf.mapping.ids import login_of
from integrations.trueconf.mapping.texts import one_line
from integrations.trueconf.payloads import Group, Invitation, NewUser, User, UserChange

USER_FIELDS = {
    "first_name": "first_name",
    "last_name": "last_name",
    "phone": "mobile_phone",
    "company": "company",
}
# The most that the document allows [Objects, User]; what is longer is cut.
LONGEST_NAME, LONGEST_COMPANY, LONGEST_PHONE = 64, 64, 50
LONGEST_LOGIN = 25
HOST = "host"
# What staff read beside somebody whom TrueConf does not tell.
OF_GUESTS = _(
    "A guest, whom TrueConf Server tells nothing. The way in is the link in the portal's own mail."
)
OF_ANOTHER_SERVER = _(
    "TrueConf Server takes this address for that of a user of another server, whom it may not "
    "reach. The way in is the link in the portal's own mail."
)


def decode_user(row: Annotated[Row, User]) -> Record:
    """A user -> a person; one without an address has None for it."""
    fields = {ours: row.text(theirs) for ours, theirs in USER_FIELDS.items()}
    facts = {
        "login": row.text("login_name") or "",
        "uid": row.text("uid") or "",
        "display_name": row.text("display_name") or "",
        "groups": _groups(row),
        "disabled": row.flag("is_active") is False,
    }
    return Record(
        Kind.ATTENDEE,
        join(ident(row)),
        {"email": row.email("email"), **{n: v for n, v in fields.items() if v is not None}},
        facts={name: value for name, value in facts.items() if value},
        volatile={"status": row.whole("status")},
    )


def encode_user(changes: Fields) -> UserChange:
    """Changed fields of a person -> those of "Edit User". An address is never emptied."""
    tidied = tidy_person(changes)
    sent = {theirs: tidied[ours] for ours, theirs in USER_FIELDS.items() if ours in changes}
    if changes.get("email"):
        sent["email"] = str(changes["email"]).strip().lower()
    return cast(UserChange, sent)


def encode_new_user(fields: Fields, password: str) -> NewUser:
    """A person -> the body of "Create User", with a login made of the address."""
    email = str(fields["email"]).strip().lower()
    named = {name: value for name, value in encode_user(fields).items() if value}
    made = {
        "login_name": login_for(email),
        "password": password,
        "display_name": display_name(fields),
    }
    return cast(NewUser, named | made)


def login_for(email: str) -> str:
    """A login that the same address always gets, so that no second user can be made for it."""
    local = re.sub(r"[^a-z0-9._-]+", "", email.partition("@")[0].lower()).strip("._-")
    tail = hashlib.blake2b(email.encode(), digest_size=3).hexdigest()
    return f"{local[:LONGEST_LOGIN] or 'user'}-{tail}"


def display_name(fields: Fields) -> str:
    """What a person is called: names, else the part of the address before the @."""
    named = given_name(fields)
    return named or one_line(str(fields.get("email") or "").partition("@")[0], LONGEST_NAME)


def shown_by(shown: Record, changes: Fields) -> UserChange:
    """Another name to be shown by, for a user whose one is made of what is changed."""
    if shown.facts.get("display_name") != display_name(shown.fields):
        return {}
    name = display_name({**shown.fields, **changes})
    return {} if name == shown.facts["display_name"] else {"display_name": name}


def given_name(fields: Fields) -> str:
    """The name that somebody was given here, as one; empty where there is none."""
    names = (tidy_name(fields.get(n)) for n in ("first_name", "last_name", "name"))
    return " ".join(filter(None, names))[:LONGEST_NAME].strip()


def tidy_name(value: Any) -> str:
    """A name as it is sent. One without a letter or a digit stands for a missing one."""
    name = one_line(value, LONGEST_NAME)
    return name if any(sign.isalnum() for sign in name) else ""


def tidy_person(fields: Fields) -> dict[str, Any]:
    """A person's fields as TrueConf shows them after it was given them."""
    shown = {n: tidy_name(fields[n]) for n in ("first_name", "last_name") if n in fields}
    others = (("company", LONGEST_COMPANY), ("phone", LONGEST_PHONE))
    shown |= {n: one_line(fields[n], most) for n, most in others if n in fields}
    if isinstance(fields.get("email"), str):
        shown["email"] = fields["email"].strip().lower()
    return {**fields, **shown}


def expected_person(kind: Kind, fields: Fields, *, makes_users: bool) -> dict[str, Any]:
    """What is shown of a person, a registration or a moderator that TrueConf is given.

    A user has both names; a guest, and an owner, one name to be shown by, which is made of the
    address where none is given.
    """
    shown = tidy_person(fields)
    one_name = display_name(fields)
    if kind is Kind.MODERATOR and "name" in shown:
        shown["name"] = one_name
    names = {"first_name", "last_name"} & shown.keys()
    if kind is Kind.REGISTRATION and names:
        of_user = makes_users and (shown.get("first_name") or shown.get("last_name"))
        if not of_user:
            shown |= {"first_name": one_name, "last_name": ""}
    return shown


def decode_invitation(row: Annotated[Row, Invitation], conference: str) -> Record:
    """Somebody invited -> a registration.

    A guest is invited by address, which is then the id. TrueConf may take the address for that of
    a user of another server; it tells neither of them, which staff read beside the registration.
    """
    guest = row.text("type") == "custom"
    elsewhere = not guest and not _is_user(row) and _address(ident(row)) is not None
    email = row.email("email") or (_address(ident(row)) if guest or elsewhere else None)
    first, last = row.text("first_name") or "", row.text("last_name") or ""
    name = _shown_name(row)
    translator = row.row("translator")
    facts = {
        "login": ident(row),
        "display_name": name,
        "guest": guest or elsewhere,
        "note": OF_GUESTS if guest else OF_ANOTHER_SERVER if elsewhere else "",
        "owner": row.flag("is_owner") or False,
        "languages": translator.plain("languages") if translator else [],
    }
    return Record(
        Kind.REGISTRATION,
        join(conference, ident(row)),
        {
            "email": email,
            "first_name": first if first or last else name,
            "last_name": last,
        },
        parent_id=join(conference),
        facts={key: value for key, value in facts.items() if value},
    )


def decode_owner(row: Annotated[Row, Invitation], conference: str, page: str) -> Record:
    """The owner's invitation -> the one moderator that TrueConf knows.

    An owner who is no user any more has no address; None says so.
    """
    facts = {"login": login_of(ident(row)), "join_url": page}
    return Record(
        Kind.MODERATOR,
        join(conference, login_of(ident(row))),
        {
            "email": row.email("email"),
            "name": _shown_name(row) if _is_user(row) else "",
            "role": HOST,
        },
        parent_id=join(conference),
        facts={key: value for key, value in facts.items() if value},
    )


def decode_group(row: Annotated[Row, Group]) -> Record:
    """A group of users; its rights are shown, and set in the server's own panel."""
    rights = row.plain("rights")
    words = [str(right) for right in rights] if isinstance(rights, list) else []
    facts = {"rights": ", ".join(sorted(words))} if words else {}
    return Record(
        Kind.GROUP, join(ident(row)), {"name": row.needed_text("display_name")}, facts=facts
    )


def decode_member(row: Annotated[Row, User], group: str) -> Record:
    """A user of a group -> a membership."""
    return Record(
        Kind.MEMBERSHIP,
        join(group, ident(row)),
        {"email": row.email("email")},
        parent_id=join(group),
        facts={"display_name": row.text("display_name") or ""},
    )


def _address(their_id: str) -> str | None:
    """The address that an id is, if it is one: `#guest:…@server` is none."""
    return their_id.lower() if re.fullmatch(r"[^#@\s]+@[^@\s]+", their_id) else None


def _is_user(row: Row) -> bool:
    """Whether somebody invited is a user of this server: a guest has nothing but a name."""
    return bool(row.text("login_name") or row.text("uid"))


def _shown_name(row: Row) -> str:
    """The name to be shown by; a login says nothing of what somebody is called."""
    name = row.text("display_name") or ""
    logins = {ident(row), row.text("login_name") or ""}
    logins |= {login_of(ident(row))} if _is_user(row) else set()
    return "" if name in logins else name


def _groups(row: Row) -> str:
    """The names of a user's groups: objects since v3.1, ids in v3."""
    groups = row.value.get("groups")
    if not isinstance(groups, list):
        return ""
    names = [
        Row(g, row.what, row.platform).text("display_name") or "" if isinstance(g, dict) else str(g)
        for g in groups
    ]
    return ", ".join(sorted(filter(None, names)))

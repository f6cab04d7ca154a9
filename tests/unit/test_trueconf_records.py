"""Users, invitations, groups, sessions, attendance, recordings on the document's examples."""

from typing import Any

import pytest

from integrations.base.adapter import Connection
from integrations.base.errors import UnexpectedAnswer
from integrations.base.ids import join
from integrations.base.reading import Row
from integrations.base.records import Kind
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.mapping import after, ids, people, texts
from tests.support.trueconf import example


def row(name: str, what: str = "thing", **changes: Any) -> Row:
    return Row({**example(name), **changes}, what, "TrueConf Server")


def test_user() -> None:
    record = people.decode_user(row("user"))
    assert record.external_id == "user"
    assert record.fields == {
        "email": "user@domain.name",
        "first_name": "First",
        "last_name": "Last",
        "phone": "",
        "company": "Company",
    }
    assert record.facts["groups"] == "Group Name, Group Name"
    assert record.volatile == {"status": 0}


def test_user_without_address_and_with_groups_of_v3() -> None:
    record = people.decode_user(row("user", email=None, groups=["g2", "g1"], is_active=0))
    assert record.fields["email"] is None
    assert record.facts["groups"] == "g1, g2"
    assert record.facts["disabled"] is True


def test_changed_fields_of_a_user_alone_are_sent() -> None:
    assert people.encode_user({"first_name": "Ann"}) == {"first_name": "Ann"}
    assert people.encode_user({"company": None}) == {"company": ""}
    assert people.encode_user({"email": ""}) == {}, "an address is never emptied"


def test_new_user_has_a_login_made_of_the_address() -> None:
    sent = people.encode_new_user({"email": "Ann.Lee@Example.com", "last_name": "Lee"}, "word")
    assert sent["login_name"] == people.login_for("ann.lee@example.com")
    assert sent["login_name"].startswith("ann.lee-")
    assert len(people.login_for("x" * 80 + "@example.com")) <= 32
    assert people.login_for("a@example.com") != people.login_for("a@example.org")
    assert sent["display_name"] == "Lee"
    assert sent["email"] == "ann.lee@example.com"


def test_invitation_of_a_user() -> None:
    record = people.decode_invitation(row("invitation"), "webinar")
    assert record.external_id == "webinar/user1"
    assert record.fields["email"] == "user1@ru9nd.trueconf.name"
    assert record.fields["first_name"] == "", "a login is no name"
    shown = people.decode_invitation(row("invitation", display_name="Ann Lee"), "webinar")
    assert shown.fields["first_name"] == "Ann Lee", "the display name where there are no names"
    assert record.facts["languages"] == ["ru", "en"]


def test_guest_is_invited_by_address() -> None:
    guest = Row(
        {"id": "Ann@example.com", "display_name": "Ann", "type": "custom"}, "invitation", "T"
    )
    assert people.decode_invitation(guest, "webinar").fields["email"] == "ann@example.com"
    nameless = Row({"id": "#guest:2c@server.name", "type": "custom"}, "invitation", "T")
    assert people.decode_invitation(nameless, "webinar").fields["email"] is None


def test_owner_is_the_moderator() -> None:
    record = people.decode_owner(row("invitation"), "webinar", "https://server.name/c/webinar")
    assert record.kind is Kind.MODERATOR
    assert record.fields["role"] == "host"
    assert record.facts["join_url"] == "https://server.name/c/webinar"


def test_group() -> None:
    record = people.decode_group(row("group"))
    assert record.fields == {"name": "Group Name"}
    assert record.facts["rights"].startswith("address_book_editing, ")


def test_session() -> None:
    record = after.decode_session(row("call"), "1228671295")
    assert record.external_id == "1228671295/00000073@server.name#vcs"
    assert record.fields["starts_at"] == "2018-04-11T14:17:43Z"
    assert record.fields["ends_at"] == "2018-04-11T14:24:39Z"
    assert record.fields["visitors"] == 1
    assert record.facts["ended"] == "Everybody left."


def test_visits_of_one_person_are_numbered_in_their_order() -> None:
    later = {"date": "2018-04-12 11:00:00", "timezone_type": 3, "timezone": "Europe/London"}
    late = row("call_participant", call_id="ann@server.name", join_time=later)
    early = row("call_participant", call_id="ann@server.name")
    guest = row("call_participant")
    found = after.decode_attendance([late, guest, early], "c/s", {"ann": "ann@example.com"})
    assert {r.external_id: r.fields["email"] for r in found} == {
        "c/s/ann@server.name": "ann@example.com",
        "c/s/ann@server.name~2": "ann@example.com",
        "c/s/#guest:edd36bd8@server.name": None,
    }
    assert found[0].fields["joined_at"] == "2018-04-12T09:27:09Z"
    assert found[-1].fields["joined_at"] == "2018-04-12T10:00:00Z"


def test_addresses_are_wanted_for_users_alone() -> None:
    assert not after.needs_addresses([row("call_participant")])
    assert after.needs_addresses([row("call_participant", call_id="ann@server.name")])


def test_recording() -> None:
    record = after.decode_recording(row("record"), "webinar")
    assert record.external_id == "webinar/0000006a_2017-11-04_15-55-46.mkv"
    assert record.fields == {
        "started_at": "2017-11-04T12:55:46Z",
        "duration_seconds": None,
        "size_bytes": 202018,
    }


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("https://t.example.com/c/1?access_token=word", "https://t.example.com/c/1"),
        ("https://t.example.com/c/1?access_token=word&x=1", "https://t.example.com/c/1?x=1"),
        ("https://t.example.com/c/1?x=1&access_token=w%2F#a", "https://t.example.com/c/1?x=1&#a"),
        ("https://t.example.com/c/1?x=1", "https://t.example.com/c/1?x=1"),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_key_that_the_server_repeats_in_an_address_is_taken_out(shown: str, kept: str) -> None:
    assert texts.address(Row({"url": shown}, "thing", "T"), "url") == kept


def test_a_name_to_be_shown_by_follows_the_names_it_was_made_of() -> None:
    shown = people.decode_user(row("user", display_name="First Last"))
    assert people.shown_by(shown, {"last_name": "Next"}) == {"display_name": "First Next"}
    assert people.shown_by(shown, {"company": "x"}) == {}
    own = people.decode_user(row("user", display_name="The Boss"))
    assert people.shown_by(own, {"last_name": "Next"}) == {}, "somebody chose it"


def test_an_owner_who_is_no_user_any_more_has_no_address() -> None:
    gone = people.decode_owner(Row({"id": "hanna"}, "invitation", "T"), "c", "")
    assert gone.external_id == "c/hanna"
    assert (gone.fields["email"], gone.fields["name"]) == (None, "")


def test_a_user_of_another_server_is_told_by_the_address() -> None:
    foreign = Row(
        {"id": "Ann@example.org", "display_name": "Ann", "type": "user"}, "invitation", "T"
    )
    record = people.decode_invitation(foreign, "c")
    assert record.fields["email"] == "ann@example.org"
    assert "another server" in record.facts["note"]
    ours = Row(
        {
            "id": "ann@server.name",
            "uid": "ann@server.name",
            "email": "ann@example.org",
            "display_name": "Ann",
            "type": "user",
        },
        "invitation",
        "T",
    )
    assert people.decode_invitation(ours, "c").fields["email"] == "ann@example.org"
    assert "note" not in people.decode_invitation(ours, "c").facts


def test_ids_with_a_slash_are_told_apart() -> None:
    whole = join("conf", "a/b%2Fc", "#guest:1@srv/2")
    assert whole.count("/") == 2
    assert ids.split(whole, 3) == ["conf", "a/b%2Fc", "#guest:1@srv/2"]


def test_login_and_uid_are_one_user_and_two_addresses_are_two() -> None:
    assert ids.same_user("user1", "User1@server.name")
    assert not ids.same_user("user1@a.name", "user1@b.name")
    assert not ids.same_user("", "")


def test_a_guest_with_an_id_of_the_servers_own_is_the_one_who_was_invited() -> None:
    context = Context(Connection("https://tc.example.com", {"secret_key": "key"}))
    shown = {"id": "#guest2:1a2b@tc.example.com", "type": "custom", "email": "Ann@example.org"}
    found = context.invitation({"invitation": shown}, "ann@example.org")
    assert people.decode_invitation(found, "7").external_id == "7/#guest2:1a2b@tc.example.com"
    with pytest.raises(UnexpectedAnswer, match="another invitation"):
        context.invitation({"invitation": shown}, "bea@example.org")

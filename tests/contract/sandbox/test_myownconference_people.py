"""The MyOwnConference sandbox over real HTTP: profile, moderators, attendees, groups."""

from __future__ import annotations

import base64

import pytest

from tests.contract.sandbox.test_myownconference_asking import NOBODYS, SLUG, Asking

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 20).decode()
ANN, BOB = "ann@example.com", "bob@example.org"


@pytest.fixture
def owner(sandbox):
    return sandbox.account(SLUG)


@pytest.fixture
def ask(sandbox):
    return Asking(sandbox)


@pytest.fixture
def alias(owner):
    return owner.add_webinar("A webinar")["alias"]


class TestProfile:
    def test_all_of_it(self, ask):
        assert (
            ask("profileGet", [])
            == ask("profileGet", {})
            == {
                "name": "Robin Keller",
                "email": "owner@example.com",
                "timezone": "60",
                "timemove": "YES",
                "language": "EN",
                "gateway": "PAYPAL",
                "subscribe": "NO",
                "company": "",
            }
        )
        assert "Unknown field" in ask.refused("profileGet", ["name", "key"])

    def test_change(self, ask):
        changed = {
            "name": "Zoë Ö'Hara-Lee",
            "timezone": -240,
            "timemove": "NO",
            "language": "UK",
            "gateway": "PAYSERA",
            "subscribe": "YES",
            "company": "Example Ltd; Street 1",
        }
        assert set(ask("profileSet", changed)) == {"success"}
        assert ask("profileGet", []) == {
            **changed,
            "timezone": "-240",
            "email": "owner@example.com",
        }

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("name", "A"),
            ("name", ""),
            ("name", "x" * 65),
            ("name", "Robin <Keller>"),
            ("timezone", "61"),
            ("timezone", "-540"),
            ("timezone", "1e2"),
            ("timemove", "yes"),
            ("timemove", "1"),
            ("language", "IT"),
            ("gateway", "INTERKASSA"),
            ("company", "x" * 1001),
            ("email", "new@example.com"),
            ("nothing", "x"),
        ],
    )
    def test_refused(self, ask, name, value):
        before = ask("profileGet", [])
        assert ask.refused("profileSet", {name: value})
        assert ask("profileGet", []) == before
        assert ask.refused("profileSet", [])


class TestModerators:
    def test_create_list_and_search(self, ask):
        assert set(ask("moderatorsCreate", name="Ann Lee", email=ANN)) == {"success"}
        assert ask("moderatorsList", fields=[]) == ask("moderatorsList", [])
        assert ask("moderatorsList", []) == [
            {
                "email": "owner@example.com",
                "name": "Robin Keller",
                "main": "YES",
                "avatar": "NO",
                "registered": "2026-03-02 09:00:00",
            },
            {
                "email": ANN,
                "name": "Ann Lee",
                "main": "NO",
                "avatar": "NO",
                "registered": "2026-03-02 09:00:00",
            },
        ]
        for text in ("LEE", "ann@", " "):
            assert {"name": "Ann Lee"} in ask("moderatorsList", fields=["name"], search=text)
        assert ask("moderatorsList", fields=["name"], search="nobody") == []
        assert ask.refused("moderatorsList", fields=["phone"])

    @pytest.mark.parametrize(
        ("name", "email"),
        [
            ("A", ANN),
            ("", ANN),
            ("A/B", ANN),
            ("Ann", ""),
            ("Ann", "a@b.c"),
            ("Ann", "nobody"),
            ("Ann", "x" * 120 + "@example.com"),
            ("Ann", "OWNER@Example.com"),
        ],
    )
    def test_create_refuses(self, ask, name, email):
        assert ask.refused("moderatorsCreate", name=name, email=email)
        assert len(ask("moderatorsList", [])) == 1

    def test_change_speaks_of_new_name_and_new_email(self, ask, owner):
        owner.add_moderator(ANN, "Ann")
        assert ask.refused("moderatorsSet", email=ANN, newemail=BOB)
        assert ask.refused("moderatorsSet", email=ANN, name="Bob")
        assert ask.refused("moderatorsSet", email=ANN, newEmail="owner@example.com")
        assert ask.refused("moderatorsSet", email=ANN, newName="B")
        assert ask.refused("moderatorsSet", email=ANN, avatar="bm90IGEgcGljdHVyZQ==")
        assert ask.refused("moderatorsSet", email=BOB, newName="Bob")
        ask("moderatorsSet", email=ANN.upper(), newEmail=BOB, newName="Bob Ivory", avatar=PNG)
        assert ask("moderatorsList", fields=["email", "name", "avatar"])[1] == {
            "email": BOB,
            "name": "Bob Ivory",
            "avatar": "YES",
        }

    def test_delete_is_all_or_none_and_never_the_main_one(self, ask, owner):
        owner.add_moderator(ANN, "Ann")
        owner.add_moderator(BOB, "Bob")
        assert "main" in ask.refused("moderatorsDelete", [ANN, "owner@example.com"])
        assert ask.refused("moderatorsDelete", [ANN, "nobody@example.com"])
        assert ask.refused("moderatorsDelete", [])
        assert len(ask("moderatorsList", [])) == 3
        ask("moderatorsDelete", [ANN.upper(), BOB])
        assert len(ask("moderatorsList", [])) == 1

    def test_attach_and_detach(self, ask, owner, alias):
        owner.add_moderator(ANN, "Ann")
        owner.add_moderator(BOB, "Bob")
        for _ in range(2):
            ask("moderatorsAddToWebinar", alias=alias, email=[ANN.upper()], sendInvite="YES")
        ask("moderatorsAddToWebinar", alias=alias, email=BOB)
        of_webinar = ask("moderatorsList", fields=["email"], alias=alias)
        assert [row["email"] for row in of_webinar] == ["owner@example.com", ANN, BOB]
        assert [mail["email"] for mail in owner.store.rows("mails")] == [ANN, ANN]
        ask("moderatorsRemoveFromWebinar", alias=alias, email=[ANN, BOB])
        assert len(ask("moderatorsList", fields=[], alias=alias)) == 1
        assert ask.refused("moderatorsAddToWebinar", alias=alias, email=["nobody@example.com"])
        assert ask.refused("moderatorsAddToWebinar", alias=alias, email=[], sendInvite="NO")
        assert ask.refused("moderatorsAddToWebinar", alias=alias, email=[ANN], sendInvite="1")
        assert ask.refused("moderatorsRemoveFromWebinar", alias=alias, email="owner@example.com")

    def test_rooms(self, ask, owner, alias, follow):
        owner.add_moderator(ANN, "Ann")
        owner.add_webinar("Not hers")
        assert ask("moderatorsRooms", email=ANN) == []
        owner.assign(alias, ANN)
        (room,) = ask("moderatorsRooms", email=ANN.upper())
        link = room.pop("moderatorLink")
        assert room == {
            "alias": alias,
            "name": "A webinar",
            "description": "",
            "start": "2026-03-02 11:00:00",
            "timezone": "60",
            "duration": "60",
        }
        assert "lets in Ann as moderator" in follow(link).text
        assert len(ask("moderatorsRooms", email="owner@example.com")) == 2
        assert ask.refused("moderatorsRooms", email=BOB)


class TestAttendees:
    def test_create(self, ask):
        assert set(ask("attendeesCreate", email="Ann@Example.com", name="Ann Lee")) == {"success"}
        assert ask("attendeesList", []) == {
            "count": "1",
            "list": [{"name": "Ann Lee", "email": "Ann@Example.com"}],
        }
        assert "already exists" in ask.refused("attendeesCreate", email=ANN, name="Other")

    def test_public_clients_send_more_along(self, ask):
        """Read in a PHP script that brings leads of a CRM into webinars."""
        ask("attendeesCreate", name="Test", email=ANN, phone="0990000000", company="webinar_v33")
        (row,) = ask("attendeesList", fields=["name", "email", "phone", "company"])["list"]
        assert (row["phone"], row["company"]) == ("0990000000", "webinar_v33")

    @pytest.mark.parametrize(
        "params",
        [
            {"name": "Ann"},
            {"name": "Ann", "email": "ann"},
            {"name": "A(nn)", "email": ANN},
            {"name": "x" * 65, "email": ANN},
            {"name": "Ann", "email": ANN, "phone": "1" * 17},
            {"name": ["Ann"], "email": ANN},
            {"name": True, "email": ANN},
        ],
    )
    def test_create_refuses(self, ask, params):
        assert ask.refused("attendeesCreate", params)
        assert ask("attendeesList", [])["count"] == "0"

    def test_change_speaks_of_newemail_and_name(self, ask, owner):
        owner.add_attendee(ANN, "Ann")
        owner.add_attendee("carl@example.net", "Carl")
        details = {
            "phone": "+49 30 1234",
            "skype": "ann.lee",
            "company": "Lee & Co".replace("&", "und"),
            "department": "Sales",
            "city": "Łódź",
            "born": "1990-05-01",
        }
        ask("attendeesSet", email=ANN.upper(), newemail=BOB, name="Bob Ivory", **details, shoe="41")
        wanted = ["email", "name", *details]
        assert {"email": BOB, "name": "Bob Ivory", **details} in ask(
            "attendeesList", fields=wanted
        )["list"]
        assert "already exists" in ask.refused(
            "attendeesSet", email=BOB, newemail="CARL@example.net"
        )
        assert ask.refused("attendeesSet", email=ANN, name="Gone")
        ask("attendeesSet", email=BOB, newemail=BOB.upper())
        assert owner.find_attendee(BOB)["email"] == BOB.upper()

    def test_delete_takes_them_out_of_everything(self, ask, owner, alias):
        owner.invite(alias, ANN, "Ann")
        owner.add_attendee(BOB, "Bob")
        owner.add_group("Both", [ANN, BOB])
        assert ask.refused("attendeesDelete", [ANN, "nobody@example.com"])
        ask("attendeesDelete", [ANN.upper()])
        assert ask("attendeesList", [])["list"] == [{"name": "Bob", "email": BOB}]
        assert ask("attendeesList", alias=alias)["count"] == "0"
        assert len(owner.store.rows("members")) == 1

    def test_list_pages_orders_and_searches(self, ask, owner, clock):
        for number in range(7):
            owner.add_attendee(f"p{number}@example.com", f"Person {6 - number}")
            clock.pass_by(minutes=1)
        emails = [f"p{number}@example.com" for number in range(7)]

        def found(**params):
            answer = ask("attendeesList", fields=["email"], **params)
            return answer["count"], [row["email"] for row in answer["list"]]

        assert found() == ("7", emails[::-1])
        assert found(orderField="email") == ("7", emails)
        assert found(orderField="creation_date", order="DESC") == ("7", emails[::-1])
        assert found(orderField="email", onPage="3") == ("7", emails[:3])
        assert found(orderField="email", onPage=3, page=3) == ("7", emails[6:])
        assert found(orderField="email", onPage=3, page=4) == ("7", [])
        # The document's example spells the key with a Cyrillic letter.
        cyrillic = {"fields": ["email"], "orderField": "email", "on\u0420age": "2"}
        assert [row["email"] for row in ask("attendeesList", cyrillic)["list"]] == emails[:2]
        assert found(search="P3@EXAMPLE") == ("1", [emails[3]])
        assert found(search="person 3") == ("1", [emails[3]])
        for wrong in (
            {"onPage": "0"},
            {"page": "-1"},
            {"order": "UP"},
            {"orderField": "phone"},
            {"type": "active"},
            {"fields": ["shoe"]},
            {"offset": "3"},
        ):
            assert ask.refused("attendeesList", wrong)

    def test_list_filters(self, ask, owner, alias):
        owner.add_attendee(ANN, "Ann", imported=False)
        owner.add_attendee(BOB, "Bob", type="PENDING")
        owner.add_attendee("", "Somebody")
        owner.ban(ANN)
        group = owner.add_group("A group", [BOB])
        owner.start_session(alias, [BOB.upper()])

        def names(**params):
            return [row["name"] for row in ask("attendeesList", **params)["list"]]

        assert names() == ["Ann", "Bob", "Somebody"]
        assert names(withEmail="YES") == ["Ann", "Bob"]
        assert names(withEmail="NO") == ["Somebody"]
        assert names(type="BANNED") == ["Ann"]
        assert names(type="PENDING") == ["Bob"]
        assert names(type="ACTIVE") == ["Somebody"]
        assert names(imported="NO") == ["Ann"]
        assert names(group=group["id"]) == names(group=str(group["id"])) == ["Bob"]
        assert names(webinars=[alias], webinarsOrder="IN") == ["Bob"]
        assert names(webinars=[alias], webinarsOrder="OUT") == ["Ann", "Somebody"]
        assert ask.refused("attendeesList", group="999")
        assert ask.refused("attendeesList", webinars=[NOBODYS])
        assert owner.foreign_alias_calls == 1

    def test_attach_list_with_link_and_detach(self, ask, owner, alias, follow):
        owner.add_attendee(ANN, "Ann Lee")
        owner.add_attendee(BOB, "")
        assert ask.refused("attendeesAddToWebinar", alias=alias, attendees=[ANN, "new@example.com"])
        assert ask("attendeesList", alias=alias) == {"count": "0", "list": []}
        ask("attendeesAddToWebinar", alias=alias, attendees=[ANN.upper(), BOB])
        ask("attendeesAddToWebinar", alias=alias, attendees=[ANN])
        answer = ask("attendeesList", alias=alias, fields=["email", "link", "notified"])
        assert answer["count"] == "2"
        bob, ann = answer["list"]
        assert (ann["email"], ann["notified"]) == (ANN, "1")
        assert "lets in Ann Lee as attendee" in follow(ann["link"]).text
        assert "lets in bob@example.org" in follow(bob["link"]).text
        assert "link" not in ask("attendeesList", fields=["email", "link"])["list"][0]
        (room,) = ask("attendeesRooms", email=ANN)
        assert room["attendeeLink"] == ann["link"]
        assert room["start"] == "2026-03-02 11:00:00"
        for _ in range(2):
            ask("attendeesRemoveFromWebinar", alias=alias, attendees=[ANN.upper()])
        assert ask("attendeesList", alias=alias)["count"] == "1"
        assert ask("attendeesRooms", email=ANN) == []

    def test_nobody_is_attached_to_what_is_over(self, ask, owner, alias, clock):
        owner.add_attendee(ANN, "Ann")
        clock.pass_by(hours=3)
        said = ask.refused("attendeesAddToWebinar", alias=alias, attendees=[ANN])
        assert said == f'Webinar with alias "{alias}" not active'

    def test_a_block_is_lifted(self, ask, owner):
        for email in (ANN, BOB):
            owner.add_attendee(email, "Somebody")
            owner.ban(email)
        ask("attendeesUnbanned", email=ANN.upper())
        assert owner.find_attendee(ANN)["type"] == "ACTIVE"
        assert owner.find_attendee(BOB)["type"] == "BANNED"
        ask("attendeesUnbanned", email=[ANN, BOB])
        assert owner.find_attendee(BOB)["type"] == "ACTIVE"
        assert ask.refused("attendeesUnbanned", email="nobody@example.com")


class TestGroups:
    def test_life_of_a_group(self, ask, owner):
        owner.add_attendee(ANN, "Ann")
        assert ask("attendeesGroupsList", []) == [[]]
        first = ask("attendeesCreateGroup", name="Friends")
        second = ask("attendeesCreateGroup", name="Friends")
        assert set(first) == {"success", "group_id"}
        assert first["group_id"] != second["group_id"]
        ask("attendeesGroupsRename", id=second["group_id"], newname="Foes")
        assert ask("attendeesGroupsList", []) == [
            [
                {"id": first["group_id"], "name": "Friends"},
                {"id": second["group_id"], "name": "Foes"},
            ]
        ]
        ask("attendeesDeleteGroup", id=int(first["group_id"]))
        assert [group["name"] for group in ask("attendeesGroupsList", [])[0]] == ["Foes"]
        assert ask.refused("attendeesDeleteGroup", id=first["group_id"])
        assert ask.refused("attendeesGroupsRename", id=second["group_id"], name="Other")
        assert ask.refused("attendeesCreateGroup", name=" ")
        assert ask.refused("attendeesCreateGroup", [])

    def test_members(self, ask, owner):
        owner.add_attendee(ANN, "Ann")
        owner.add_attendee(BOB, "Bob")
        one, two = owner.add_group("One"), owner.add_group("Two")
        ask("attendeesAssignToGroup", group_id=str(one["id"]), attendees=[ANN.upper(), BOB])
        ask("attendeesAssignToGroup", group_id=two["id"], attendees=[BOB])
        assert ask.refused(
            "attendeesAssignToGroup", group_id=one["id"], attendees=["x@example.com"]
        )
        assert ask.refused("attendeesAssignToGroup", group_id="7", attendees=[ANN])
        shapes = [{"id": str(one["id"]), "name": "One"}, {"id": str(two["id"]), "name": "Two"}]
        assert ask("attendeesCommonGroups", [ANN]) == shapes[:1]
        assert ask("attendeesCommonGroups", [ANN, BOB]) == shapes
        ask("attendeesUnAssignFromGroup", group_id=one["id"], attendees=[ANN])
        assert ask("attendeesCommonGroups", [ANN]) == []
        assert ask("attendeesList", group=one["id"])["count"] == "1"

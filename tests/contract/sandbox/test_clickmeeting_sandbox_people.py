"""The ClickMeeting sandbox over real HTTP: tokens, auto-login, invitations, registrations."""

from __future__ import annotations


class TestTokensAndAccess:
    def test_tokens(self, api, owner):
        path = f"/conferences/{owner.add_room('Paid', access_type=3)['id']}/tokens"
        made = api.post(path, {"how_many": "1000"}).json["access_tokens"]
        assert len({token["token"] for token in made}) == 1000
        assert set(made[0]) == {"token", "sent_to_email", "first_use_date"}
        assert api.get(path).json["access_tokens"] == made
        assert api.post(path, {"how_many": "1001"}).wrong == {"how_many"}
        assert api.post(path, {"how_many": "1000"}).status in (200, 201)
        assert api.post(path, {"how_many": "1"}).wrong == {"how_many"}

    def test_tokens_only_where_the_room_asks_for_them(self, api, owner):
        path = f"/conferences/{owner.add_room('Open')['id']}/tokens"
        assert api.post(path, {"how_many": "1"}).wrong == {"access_type"}
        assert api.get(path).json == {"access_tokens": []}

    def test_autologin(self, api, owner, follow):
        room = owner.add_room("A room")
        path = f"/conferences/{room['id']}/room/autologin_hash"
        who = {"email": "pat@example.com", "nickname": "Pat", "role": "presenter"}
        code = api.post(path, who).json["autologin_hash"]
        url = api.get(f"/conferences/{room['id']}").json["conference"]["room_url"]
        assert "Pat as presenter" in follow(f"{url}?l={code}").text
        assert api.post(path, {"role": "boss"}).wrong == {"email", "nickname", "role"}

    def test_autologin_into_protected_rooms(self, api, owner):
        who = {"email": "pat@example.com", "nickname": "Pat", "role": "host"}
        locked = owner.add_room("Locked", access_type=2, password="sesame")
        path = f"/conferences/{locked['id']}/room/autologin_hash"
        assert api.post(path, who).wrong == {"password"}
        assert api.post(path, {**who, "password": "sesame"}).status == 200
        tokened = owner.add_room("Tokened", access_type=3)["id"]
        made = api.post(f"/conferences/{tokened}/tokens", {"how_many": "1"}).json["access_tokens"]
        path = f"/conferences/{tokened}/room/autologin_hash"
        assert api.post(path, {**who, "token": "NOSUCH"}).wrong == {"token"}
        assert api.post(path, who).status == 200
        assert api.post(path, {**who, "token": made[0]["token"]}).status == 200

    def test_invitations_are_kept_for_looking_at(self, api, owner):
        room = owner.add_room("A room", access_type=3)
        api.post(f"/conferences/{room['id']}/tokens", {"how_many": "2"})
        answer = api.post(
            f"/conferences/{room['id']}/invitation/email/de",
            [
                ("attendees[0][email]", "a@example.com"),
                ("attendees[1][email]", "b@example.com"),
                ("template", "basic"),
                ("role", "presenter"),
            ],
        )
        assert answer.json == {"status": "OK"}
        mails = owner.store.rows("mails")
        assert [mail["email"] for mail in mails] == ["a@example.com", "b@example.com"]
        assert {(mail["lang"], mail["template"], mail["role"]) for mail in mails} == {
            ("de", "basic", "presenter")
        }
        tokens = api.get(f"/conferences/{room['id']}/tokens").json["access_tokens"]
        assert [token["sent_to_email"] for token in tokens] == ["a@example.com", "b@example.com"]

    def test_invitations_go_to_all_or_none(self, api, owner):
        path = f"/conferences/{owner.add_room('A room')['id']}/invitation/email/en"
        answer = api.post(
            path, [("attendees[0][email]", "a@example.com"), ("attendees[1][email]", "nobody")]
        )
        assert answer.wrong == {"attendees[1][email]"}
        assert api.post(path, {}).wrong == {"attendees"}
        assert api.post(path.replace("/en", "/english!"), {}).status == 422
        assert owner.store.rows("mails") == []


class TestRegistrations:
    ANN = {
        "registration[1]": "Ann",
        "registration[2]": "Ivory",
        "registration[3]": "ann@example.com",
    }

    def test_register_list_and_link(self, api, owner, follow):
        room = owner.add_room("A room", timezone="America/New_York")
        path = f"/conferences/{room['id']}"
        answer = api.post(
            f"{path}/registration",
            {**self.ANN, "confirmation_email[enabled]": "1", "confirmation_email[lang]": "pl"},
        ).json
        assert set(answer) == {"status", "url", "r", "exist"}
        assert (answer["status"], answer["exist"]) == ("OK", 0)
        assert answer["url"].endswith(f"?r={answer['r']}")
        assert "lets in Ann Ivory" in follow(answer["url"]).text
        (row,) = api.get(f"{path}/registrations/all").json
        assert row["registration_date"] == "2026-03-02T04:00:00-05:00"
        assert row["registration_confirmed"] == "null"
        assert row["session_id"] is None
        assert row["fields"] == {
            "First Name": "Ann",
            "Last Name": "Ivory",
            "Email Address": "ann@example.com",
        }
        assert owner.store.rows("mails")[0]["lang"] == "pl"

    def test_registering_again_makes_no_second_row(self, api, owner):
        path = f"/conferences/{owner.add_room('A room')['id']}"
        first = api.post(f"{path}/registration", self.ANN).json
        again = api.post(
            f"{path}/registration", {**self.ANN, "registration[3]": "ANN@Example.com"}
        ).json
        assert (first["exist"], again["exist"]) == (0, 1)
        assert again["url"] == first["url"]
        assert len(api.get(f"{path}/registrations/all").json) == 1

    def test_registration_must_be_on_and_complete(self, api, owner):
        closed = owner.add_room("Closed", registration_enabled=False)
        answer = api.post(f"/conferences/{closed['id']}/registration", self.ANN)
        assert (answer.status, answer.wrong) == (422, {"registration"})
        path = f"/conferences/{owner.add_room('Open')['id']}/registration"
        assert api.post(path, {}).wrong == {"registration[1]", "registration[2]", "registration[3]"}
        assert api.post(path, {**self.ANN, "registration[3]": "ann"}).wrong == {"registration[3]"}

    def test_statuses(self, api, owner):
        room = owner.add_room("A room")
        stays = owner.add_registration(room["id"], "a@example.com", "A", "One")
        goes = owner.add_registration(room["id"], "b@example.com", "B", "Two")
        owner.withdraw_registration(goes["id"])
        path = f"/conferences/{room['id']}/registrations"
        assert [row["id"] for row in api.get(f"{path}/all").json] == [stays["id"], goes["id"]]
        assert [row["id"] for row in api.get(f"{path}/active").json] == [stays["id"]]
        assert api.get(f"{path}/other").status == 422

    def test_a_session_takes_its_registrations(self, api, owner, clock):
        room = owner.add_room("A room")
        owner.add_registration(room["id"], "a@example.com", "A", "One")
        session = owner.start_session(room["id"], minutes=30)
        during = owner.add_registration(room["id"], "b@example.com", "B", "Two")
        clock.pass_by(hours=1)
        later = owner.add_registration(room["id"], "c@example.com", "C", "Three")
        path = f"/conferences/{room['id']}/sessions/{session['id']}/registrations"
        rows = api.get(path).json
        assert [row["email"] for row in rows] == ["a@example.com", "b@example.com"]
        assert {row["session_id"] for row in rows} == {session["id"]}
        assert during["session_id"] == session["id"]
        assert later["session_id"] is None

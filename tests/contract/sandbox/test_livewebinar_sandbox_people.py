"""The LiveWebinar sandbox over real HTTP: the user, personal links, people, what rooms use."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.test_livewebinar_sandbox import Api
from tests.sandbox_client import RawClient


@pytest.fixture
def account(sandbox):
    return sandbox.account("livewebinar", "demo")


@pytest.fixture
def api(sandbox, account):
    return Api(sandbox.base_url("livewebinar"), account.new_token())


@pytest.fixture
def widget(account):
    return account.add_widget("A room")


@pytest.fixture
def path(widget):
    return f"/widgets/{widget['id']}"


@pytest.fixture
def follow(sandbox):
    return lambda url: RawClient(sandbox.url).get(url.removeprefix(sandbox.url))


def wrong(answer):
    assert answer.status == 422
    return set(answer.json["error"]["errors"])


class TestUser:
    def test_me_and_update(self, api):
        me = api.get("/me").json["data"]
        assert {"id", "email", "status", "profile"} <= set(me)
        form = {"phone_number": " 123 ", "profile[first_name]": "Zoë", "password": "x", "id": "1"}
        changed = api.put(f"/users/{me['id']}", form)
        assert changed.status == 200
        profile = {**me["profile"], "first_name": "Zoë"}
        assert changed.json["data"] == {**me, "phone_number": "123", "profile": profile}
        assert api.get("/me").json == api.get(f"/users/{me['id']}?include=profile").json

    def test_what_is_refused(self, api):
        me = api.get("/me").json["data"]
        assert wrong(api.put(f"/users/{me['id']}", {"email": "x"})) == {"email"}
        assert wrong(api.put(f"/users/{me['id']}", {"email": ""})) == {"email"}
        assert api.put(f"/users/{me['id'] + 1}", {"phone_number": "1"}).status == 404
        assert api.get("/users/1").status == 404


class TestPersonalLinks:
    def test_the_documents_first_option(self, api, path, widget, follow):
        form = {"emails": "ann@example.com", "firstname": "Ann", "lastname": "Ivory"}
        made = api.post(f"{path}/personal", {**form, "role": "presenter"})
        assert made.status == 201
        link = made.json["data"]
        assert (link["email"], link["role"]) == ("ann@example.com", "presenter")
        assert link["personal_token"] in link["personal_url"]
        page = follow(link["personal_url"])
        assert "Ann Ivory comes in as a presenter" in page.text
        assert "personal link of ann@example.com" in page.text
        unknown = link["personal_url"].replace(link["personal_token"], "x")
        assert "not known to the room" in follow(unknown).text

    @pytest.mark.parametrize(
        "form",
        [
            {"emails": "ann@example.com"},
            {"email": "ann@example.com"},
            {"emails[]": "ann@example.com"},
            {"emails[0]": " ann@example.com "},
        ],
    )
    def test_both_spellings(self, api, path, form):
        link = api.post(f"{path}/personal", form).json["data"]
        assert (link["email"], link["role"]) == ("ann@example.com", "attendee")

    def test_the_embedded_room_knows_it(self, api, path, widget, follow, sandbox):
        link = api.post(f"{path}/personal", {"emails": "ann@example.com"}).json["data"]
        query = f"_license_key={widget['token']}&_personal_token={link['personal_token']}"
        page = follow(f"{sandbox.url}/livewebinar/embed?{query}")
        assert "ann@example.com comes in as an attendee" in page.text

    def test_there_is_neither_list_nor_delete(self, api, path):
        link = api.post(f"{path}/personal", {"emails": "ann@example.com"}).json["data"]
        again = api.post(f"{path}/personal", {"emails": "ann@example.com"}).json["data"]
        assert again["personal_token"] != link["personal_token"]
        assert api.get(f"{path}/personal").status == 405
        assert api.delete(f"{path}/personal/{link['id']}").status == 404
        assert api.get(f"{path}/registrants").json["data"] == []

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            ({}, "emails"),
            ({"emails": "ann"}, "emails"),
            ({"emails[0]": "ann@example.com", "emails[1]": "bob@example.com"}, "emails"),
            ({"emails": "ann@example.com", "role": "host"}, "role"),
        ],
    )
    def test_what_is_refused(self, api, path, form, field):
        assert wrong(api.post(f"{path}/personal", form)) == {field}
        assert api.post("/widgets/5/personal", {"emails": "ann@example.com"}).status == 404

    def test_the_second_option_fills_the_widgets_form(self, api, account, path, widget):
        fields = [
            {"name": "email", "required": True},
            {"name": "first_name", "required": True},
            {"name": "company", "required": True},
            {"name": "phone", "required": False},
        ]
        form = account.add_form("Who is coming", fields)
        account.edit_widget(widget["id"], form_id=form["id"])
        bare = {"emails": "ann@example.com"}
        assert wrong(api.post(f"{path}/personal", bare)) == {"first_name", "company"}
        told = {**bare, "firstname": "Ann"}
        for name in ("company", "fields[company]", "form[company]"):
            made = api.post(f"{path}/personal", {**told, name: "Ivory & Sons"})
            assert made.status == 201
        assert account.store.rows("links")[-1]["answers"] == {
            "first_name": "Ann",
            "company": "Ivory & Sons",
        }


class TestPeople:
    def test_registrants(self, api, path, account, widget, clock):
        form = {"email": "Ann@example.com", "first_name": "Ann", "last_name": "Ivory"}
        made = api.post(f"{path}/registrants", {**form, "send_confirmation": "1"})
        assert made.status == 201
        again = api.post(f"{path}/registrants", {**form, "email": "ann@example.com"})
        assert (again.status, again.json) == (200, made.json)
        account.add_registrant(widget["id"], "bob@example.com", "Bob", "Hollis")
        rows = api.get(f"{path}/registrants?limit=1&page=2").json
        assert rows["data"][0]["first_name"] == "Bob"
        assert rows["data"][0]["created_at"] == int(clock().timestamp())
        assert rows["meta"]["pagination"]["total"] == 2
        assert wrong(api.post(f"{path}/registrants", {})) == {"email"}

    def test_registrants_may_wait_for_a_confirmation(self, api, account):
        widget = account.add_widget("Picky", manual_confirm_registrants=True)
        made = api.post(f"/widgets/{widget['id']}/registrants", {"email": "ann@example.com"})
        assert made.json["data"]["status"] == "pending"

    def test_participants(self, api, path, account, widget, clock):
        account.add_registrant(widget["id"], "ann@example.com", "Ann", "Ivory")
        came = ["ann@example.com", {"nickname": "Guest", "joined": 20}]
        session = account.start_session(widget["id"], came, minutes=60)
        now = int(clock().timestamp())
        (ann,) = api.get(f"{path}/participants").json["data"]
        assert (ann["nickname"], ann["email"]) == ("Ann Ivory", "ann@example.com")
        assert (ann["joined_at"], ann["left_at"]) == (now, None)
        assert account.running_session(widget["id"]) == session
        clock.pass_by(minutes=30)
        account.end_session(session["id"])
        both = api.get(f"{path}/participants").json["data"]
        assert [row["left_at"] for row in both] == [now + 1800, now + 1800]
        assert account.running_session(widget["id"]) is None

    def test_invites(self, api, path):
        form = {"email": "ann@example.com", "first_name": "Ann", "role": "moderator"}
        made = api.post(f"{path}/invites/invite", form)
        assert made.status == 201
        assert api.get(f"{path}/invites").json["data"] == [made.json["data"]]
        assert wrong(api.post(f"{path}/invites/invite", {"role": "king"})) == {"email", "role"}

    def test_presenters(self, api, account):
        one = account.add_presenter("ann@example.com", "Ann", "Ivory")
        assert api.get("/presenters").json["data"] == [one]
        assert api.get(f"/presenters/{one['id']}").json["data"]["last_name"] == "Ivory"
        assert api.get("/presenters/5").status == 404

    def test_another_name_goes_everywhere(self, api, account, path, widget):
        account.add_registrant(widget["id"], "ann@example.com", "Ann", "Ivory")
        account.add_presenter("Ann@example.com", "Ann", "Ivory")
        assert account.rename_person("ann@example.com", "Ann", "Castell") == 2
        assert api.get(f"{path}/registrants").json["data"][0]["last_name"] == "Castell"
        assert api.get("/presenters").json["data"][0]["last_name"] == "Castell"

    def test_unknown_widgets(self, api):
        for place in ("registrants", "participants", "presenters", "invites", "recordings"):
            assert api.get(f"/widgets/5/{place}").status == 404


class TestForms:
    def test_create_get_update(self, api):
        form = {
            "name": "Who is coming",
            "type": "registration",
            "fields[0][name]": "company",
            "fields[0][required]": "1",
        }
        made = api.post("/forms", form)
        assert made.status == 201
        shown = made.json["data"]
        assert shown["fields"] == [{"name": "company", "label": "company", "required": True}]
        assert api.get("/forms").json["data"] == [shown]
        path = f"/forms/{shown['id']}"
        changed = api.put(path, {"name": "Who", "type": "login", "description": "x"})
        assert changed.json["data"] == {
            **shown,
            "name": "Who",
            "type": "login",
            "description": "x",
        }
        assert api.get(path).json == changed.json
        assert wrong(api.put(path, {})) == {"name", "type"}
        assert api.get("/forms/5").status == 404


class TestAfterwards:
    def test_recordings(self, api, account, path, widget, follow):
        account.add_recording(widget["id"], seconds=300, name="Part one")
        (row,) = api.get(f"{path}/recordings?limit=100").json["data"]
        assert (row["name"], row["duration"]) == ("Part one", 300)
        assert follow(row["url"]).body.startswith(b"RIFF")
        account.delete_widget(widget["id"])
        assert follow(row["url"]).status == 404

    def test_storage(self, api, account, follow):
        kept = account.add_file("notes.2026.txt", "Grüße".encode())
        (row,) = api.get("/storage?limit=2000").json["data"]
        assert (row["name"], row["file_extension"], row["file_size"]) == ("notes.2026", "txt", 7)
        assert api.get(f"/storage/{kept['id']}").json["data"] == row
        assert follow(row["url"]).text == "Grüße"
        assert api.get("/storage/5").status == 404

    def test_a_report_is_polled_until_it_is_ready(self, api, account, widget, follow):
        account.start_session(widget["id"], [{"nickname": "=cmd()", "email": "a@example.com"}])
        order = {"widget_id": widget["id"], "format": "xls", "type": "event"}
        place = f"/reports/widget/{widget['id']}/event/xls"
        assert api.get(place).status == 404
        assert api.post("/reports", order).json["data"]["is_ready"] is False
        first, second = api.get(place).json["data"], api.get(place).json["data"]
        assert (first["is_ready"], first["url"]) == (False, None)
        assert second["is_ready"] is True
        table = follow(second["url"]).body.decode("utf-16")
        assert "'=cmd()\ta@example.com\tattendee" in table
        assert api.get(f"{place}/true").json["data"]["is_ready"] is True
        assert api.get(place).status == 404
        assert wrong(api.post("/reports", {"widget_id": "1", "format": "odt"})) == {
            "format",
            "type",
        }
        assert api.post("/reports", {**order, "widget_id": 5}).status == 404

    def test_password_tokens(self, api, account, widget, follow, sandbox):
        form = {"name": "Guests", "widgets_ids[0]": widget["id"], "amount": "2"}
        group = api.post("/account/widget_tokens", form).json["data"]
        first, second = (item["token"] for item in group["tokens"]["data"])
        more = api.post(f"/account/widget_tokens/items/generate/{group['id']}", {"amount": "1"})
        (third,) = (item["token"] for item in more.json["data"]["tokens"]["data"])
        assert len({first, second, third}) == 3
        door = f"{sandbox.url}/livewebinar/widget-login?token={widget['token']}&password_token="
        assert "By a password token" in follow(door + third).text
        assert "not known" in follow(door + "x").text
        groups = api.get(f"/account/widget_user_tokens/{widget['id']}").json
        assert groups["widgets_user_tokens"][0]["user_widget_token_id"] == group["id"]
        assert api.delete(f"/account/widget_tokens/{group['id']}").status == 204
        assert "not known" in follow(door + third).text
        assert wrong(api.post("/account/widget_tokens", {"widgets_ids[0]": "5"})) == {
            "name",
            "amount",
            "widgets_ids",
        }

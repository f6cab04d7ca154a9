"""The TrueConf sandbox over real HTTP: lists, changes, owners and limits of conferences."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.test_trueconf_sandbox import Api, by_client, by_password, reasons

OWNER = "demo.admin"
NEW = {"topic": "Spring briefing", "owner": OWNER}


@pytest.fixture
def server(sandbox):
    return sandbox.account("trueconf", "demo")


@pytest.fixture
def api(sandbox):
    return Api(sandbox, by_client(sandbox))


@pytest.fixture
def place(server):
    """The address of a conference that is there."""
    return f"/conferences/{server.add_conference('Here')['address']}"


def made(api, **more):
    return api.write("POST", "/conferences", {**NEW, **more})["conference"]


class TestLists:
    def test_pages_with_a_count(self, server, api):
        for number in range(5):
            server.add_conference(f"No {number}", tags=["odd"] if number % 2 else [])
        first = api.read("/conferences?page_size=2")
        assert first["cnt"] == 5
        assert [one["topic"] for one in first["conferences"]] == ["No 0", "No 1"]
        last = api.read("/conferences?page_size=2&page_id=3")
        assert [one["topic"] for one in last["conferences"]] == ["No 4"]
        assert api.read("/conferences?page_size=2&page_id=4") == {"cnt": 5, "conferences": []}
        assert api.read("/conferences?tag=odd")["cnt"] == 2
        assert api.read(f"/conferences?owner={OWNER}")["cnt"] == 5
        assert api.read("/conferences?state=running")["cnt"] == 0
        server.counts_page_only = True
        assert api.read("/conferences?page_size=2")["cnt"] == 2

    @pytest.mark.parametrize(
        "query", ["page_size=0", "page_size=1001", "page_id=-1", "page_id=x", "url_type=odd"]
    )
    def test_wrong_queries(self, api, query):
        status, found = reasons(api.call("GET", f"/conferences?{query}"))
        assert (status, found) == (400, {("invalidValue", query.partition("=")[0])})

    def test_without_pages_200_are_shown(self, server, api):
        for number in range(201):
            server.add_conference(f"No {number}")
        assert len(api.read("/conferences")["conferences"]) == 200


class TestChange:
    def test_only_what_is_sent(self, api, place):
        before = api.read(place)["conference"]
        changes = {"topic": "Now", "rights": {"guest": {"chat_send": False}}, "max_guests": 7}
        after = api.write("PUT", place, changes)["conference"]
        assert after["rights"]["guest"]["chat_send"] is False
        assert after["rights"]["guest"]["chat_rcv"] is True
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {"topic", "rights", "max_guests"}
        assert api.read(place)["conference"] == after

    def test_invitations_are_replaced_and_the_owner_stays(self, server, api, place):
        server.add_user("mira", "Mira M.")
        listed = [{"id": OWNER}, {"id": "mira", "display_name": "M."}, {"id": "x@example.org"}]
        shape = api.write("PUT", place, {"invitations": listed})["conference"]
        assert [one["display_name"] for one in shape["invitations"]] == ["Administrator", "M.", "x"]
        listed = [{"id": "mira"}, {"id": f"{OWNER}@{server.server_name}"}]
        shape = api.write("PUT", place, {"invitations": listed})["conference"]
        assert [one["id"] for one in shape["invitations"]] == ["mira", OWNER]
        assert shape["invitations"][0]["display_name"] == "M.", "a name kept unless sent"
        answer = api.call("PUT", place, {"invitations": [{"id": "mira"}]})
        assert reasons(answer) == (400, {("conferenceOwnerNotInInvitationsList", "")})
        assert len(api.read(place)["conference"]["invitations"]) == 2
        answer = api.call("PUT", place, {"invitations": [{"id": OWNER}, {"id": "nobody"}]})
        assert reasons(answer) == (404, {("userNotFound", "invitations")})

    def test_a_new_owner_is_one_of_those_invited(self, server, api, place):
        server.add_user("mira")
        answer = api.call("PUT", place, {"owner": "mira"})
        assert reasons(answer)[1] == {("conferenceOwnerNotInInvitationsList", "")}
        both = {"owner": "mira", "invitations": [{"id": "mira"}]}
        assert api.write("PUT", place, both)["conference"]["owner"] == "mira"
        assert api.read(f"{place}/owner") == {"owner": "mira"}

    def test_delete(self, api, place):
        assert api.write("DELETE", place) == {"id": place.rpartition("/")[2]}
        for method in ("GET", "PUT", "DELETE"):
            answer = api.call(method, place, {} if method == "PUT" else None)
            assert reasons(answer) == (404, {("conferenceNotFound", "conference_id")})


class TestWhoMay:
    def test_a_pin_is_for_the_owner_alone(self, sandbox, server, api):
        server.add_user("mira", password="right")
        row = server.add_conference("Pinned", owner="mira", pin="4711", invited=[OWNER])
        place = f"/conferences/{row['address']}"
        mira = Api(sandbox, by_password(sandbox, "mira", "right").json["access_token"])
        assert mira.read(place)["conference"]["pin"] == "4711"
        shape = api.read(place)["conference"]
        assert (shape["pin"], shape["pin_enabled"]) == (None, True)
        shape = api.write("PUT", place, {"pin": None})["conference"]
        assert shape["pin_enabled"] is False

    def test_a_user_sees_what_concerns_the_user(self, sandbox, server):
        server.add_user("mira", password="right")
        others = server.add_conference("Others")
        theirs = server.add_conference("With Mira", invited=["mira"])
        mira = Api(sandbox, by_password(sandbox, "mira", "right").json["access_token"])
        assert [one["topic"] for one in mira.read("/conferences")["conferences"]] == ["With Mira"]
        assert mira.call("GET", f"/conferences/{others['address']}").status == 403
        answer = mira.call("PUT", f"/conferences/{theirs['address']}", {"topic": "Mine"})
        assert reasons(answer) == (403, {("forbidden", "")})
        shape = mira.write("POST", "/conferences", {"topic": "Own"})["conference"]
        assert shape["owner"] == "mira"
        assert mira.call("POST", "/conferences", NEW).status == 403
        group = server.add_group("Operators", rights=["operator_rights"])
        server.put_into_group(group["id"], server.user("mira")["id"])
        assert mira.read("/conferences")["cnt"] == 3


class TestLimits:
    def test_of_the_licence(self, server, api):
        server.max_conferences = 1
        made(api)
        answer = api.call("POST", "/conferences", NEW)
        assert reasons(answer) == (400, {("conferenceLimit", "")})

    def test_of_guests_and_invitations(self, server, api, place):
        server.max_guests = 1
        answer = api.call("PUT", place, {"max_guests": 2})
        assert reasons(answer) == (400, {("maxGuestsLimitReached", "")})
        guests = [{"id": OWNER}, {"id": "a@example.org"}, {"id": "b@example.org"}]
        api.write("PUT", place, {"max_guests": 1})
        answer = api.call("PUT", place, {"invitations": guests})
        assert reasons(answer) == (400, {("maxGuestsLimitReached", "")})
        answer = api.call("PUT", place, {"max_participants": 2, "invitations": guests})
        assert reasons(answer) == (400, {("conferenceMaxInvitationsLimit", "")})

    def test_of_modes(self, api):
        assert made(api, type=1)["max_podiums"] == 1
        assert made(api, type=0, max_podiums=3, max_participants=9)["max_podiums"] == 9
        assert made(api, type=3, max_podiums=3, max_participants=9)["max_podiums"] == 3

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            (
                {"mcu_mode": True, "multicast_enable": True},
                "mcuModeUnavailableWhenMulticastIsEnabled",
            ),
            ({"mcu_mode": True, "join_options": ["webrtc"]}, "joinOptionsNotEditableInMcuMode"),
            (
                {"multicast_enable": True, "join_options": ["webrtc"]},
                "joinOptionsNotAllowedWhenMulticastIsEnabled",
            ),
            ({"join_options": ["terminal"]}, "joinOptionsNotAllowedByLicense"),
        ],
    )
    def test_of_ways_to_join(self, server, api, fields, reason):
        server.licensed_join_options = ("clients", "webrtc", "qr_code")
        answer = api.call("POST", "/conferences", {**NEW, **fields})
        assert reasons(answer) == (400, {(reason, "")})

    def test_what_multicast_and_mcu_leave(self, api):
        assert made(api, multicast_enable=True)["join_options"] == ["clients", "qr_code"]
        assert made(api, mcu_mode=True)["join_options"] == ["webrtc", "terminal"]

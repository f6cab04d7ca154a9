"""The TrueConf sandbox over real HTTP: API versions, addresses of operations, permissions."""

from __future__ import annotations

import re

import pytest

from integrations.sandbox.trueconf.api import OPERATIONS
from integrations.sandbox.trueconf.versions import VERSIONS
from tests.contract.sandbox.test_trueconf_sandbox import Api, ask_token, by_client, reasons

# Operations by the version that brought them; the token stands beside.
DOCUMENTED_SINCE = {
    "v3": """
        POST /conferences
        DELETE /conferences/:conference_id
        PUT /conferences/:conference_id
        GET /conferences
        GET /conferences/:conference_id
        POST /conferences/:conference_id/run
        POST /conferences/:conference_id/stop
        POST /users
        DELETE /users/:user_id
        PUT /users/:user_id
        GET /users
        GET /users/:user_id
        POST /groups
        DELETE /groups/:group_id
        PUT /groups/:group_id
        GET /groups
        GET /groups/:group_id
        POST /conferences/:conference_id/invitations
        DELETE /conferences/:conference_id/invitations/:invitation_id
        PUT /conferences/:conference_id/invitations/:invitation_id
        GET /conferences/:conference_id/invitations
        GET /conferences/:conference_id/invitations/:invitation_id
        GET /conferences/:conference_id/participants
        POST /conferences/:conference_id/participants
        GET /conferences/:conference_id/records/:record_id/download
        GET /conferences/:conference_id/records
        GET /conferences/:conference_id/records/:record_id
        POST /groups/:group_id/users
        DELETE /groups/:group_id/users/:user_id
        GET /groups/:group_id/users
        GET /groups/:group_id/users/:user_id
        GET /software/clients
        POST /users/:user_id/addressbook
        DELETE /users/:user_id/addressbook/:contact_id
        PUT /users/:user_id/addressbook/:contact_id
        GET /users/:user_id/addressbook
        GET /users/:user_id/addressbook/:contact_id
    """,
    "v3.1": """
        GET /logs/calls/:session_id/invites
        GET /logs/calls
        GET /logs/calls/:session_id/participants
        GET /logs/records
        GET /logs/records/:session_id
        GET /logs/calls/:session_id
        GET /logs/events
        GET /logs/messages
        GET /logs/settings
        POST /conferences/:conference_id/invite
        POST /conferences/:conference_id/pause-record
        POST /conferences/:conference_id/start-record
        POST /conferences/:conference_id/stop-record
        GET /conferences/:conference_id/calendars
        GET /conferences/:conference_id/ics
        GET /conferences/:conference_id/owner
        GET /conferences/:conference_id/shared
        POST /users/:user_id/disconnect
        POST /templates/conferences
        DELETE /templates/conferences/:template_id
        PUT /templates/conferences/:template_id
        GET /templates/conferences
        GET /templates/conferences/:template_id
        GET /conferences/:conference_id/participants/:participant_id
    """,
    "v3.2": """
        GET /logs/recordings
        GET /logs/recordings/:recording_id
        POST /users/:user_id/avatar
        DELETE /users/:user_id/avatar
        GET /users/:user_id/avatar
    """,
    "v3.3": """
        POST /conference/:conference_id/notify
        POST /broadcast/presets
        DELETE /broadcast/presets/:preset_id
        PUT /broadcast/presets/:preset_id
        GET /broadcast/presets
        GET /broadcast/presets/:preset_id
        GET /conference-sessions/:session_id/participants
        GET /conference-sessions/:session_id
        POST /conference-sessions/:session_id/podiums/participants
        DELETE /conference-sessions/:session_id/podiums/participants/:participant_id
    """,
    "v3.9": """
        DELETE /conference-sessions/:session_id/participants/:participant_id
    """,
}
DOCUMENTED = [
    (*line.split(), VERSIONS.index(version))
    for version, lines in DOCUMENTED_SINCE.items()
    for line in lines.strip().splitlines()
]


@pytest.fixture
def server(sandbox):
    return sandbox.account("trueconf", "demo")


@pytest.fixture
def own(sandbox):
    return sandbox.credentials("trueconf", "demo")


@pytest.fixture
def api(sandbox):
    return Api(sandbox, by_client(sandbox))


class TestVersionsAndAddresses:
    def test_every_documented_operation_has_an_address(self):
        """The table of operations is the document's list; the token stands beside it."""
        found = {
            (method, re.sub(r"<(?:path:)?(\w+)>", r":\1", path)): since
            for method, path, since, _, _ in OPERATIONS
        }
        assert len(DOCUMENTED) == 77
        for method, path, since in DOCUMENTED:
            assert found[method, path] == since, path

    @pytest.mark.parametrize("version", VERSIONS)
    def test_later_operations_are_unknown_to_earlier_versions(self, sandbox, api, version):
        api.version = version
        minor = VERSIONS.index(version)
        for method, path, since in DOCUMENTED:
            answer = api.call(
                method, re.sub(r":\w+", "404404", path), {} if method != "GET" else None
            )
            unknown = answer.status == 404 and reasons(answer)[1] == {("notFound", "")}
            assert unknown == (since > minor), (version, method, path, answer.text)

    def test_an_older_server(self, sandbox, server, api):
        server.versions = VERSIONS[:5]
        assert api.call("GET", "/conferences").status == 404
        api.version = "v3.4"
        assert api.call("GET", "/conferences").status == 200

    @pytest.mark.parametrize("version", ["v3.0", "v3", "3.2"])
    def test_spellings_of_versions(self, api, version):
        api.version = version
        assert api.read("/conferences")["conferences"] == []

    @pytest.mark.parametrize("version", ["v2", "v4", "v3.12", "v3.x", "vv3"])
    def test_no_such_version(self, api, version):
        api.version = version
        assert reasons(api.call("GET", "/conferences")) == (404, {("notFound", "")})

    def test_missing_rights(self, sandbox, server):
        server.scopes = ("conferences:read",)
        api = Api(sandbox, by_client(sandbox))
        assert api.call("GET", "/conferences").status == 200
        for method, path in (("POST", "/conferences"), ("GET", "/users"), ("GET", "/logs/calls")):
            answer = api.call(method, path, {} if method == "POST" else None)
            assert reasons(answer) == (403, {("forbidden", "")})
        assert api.call("GET", "/software/clients").status == 200

    def test_a_token_for_some_rights(self, sandbox, own):
        form = {"grant_type": "client_credentials", **own, "scope": "users:read"}
        answer = ask_token(sandbox, **form)
        assert answer.json["scope"] == "users:read"
        assert Api(sandbox, answer.json["access_token"]).call("GET", "/groups").status == 403
        assert ask_token(sandbox, **{**form, "scope": "everything"}).status == 400

    def test_wrong_methods_and_addresses(self, api):
        assert api.call("PATCH", "/conferences", {}).status == 405
        assert api.call("GET", "/nothing").status == 404


class TestFields:
    def test_what_a_conference_tells_in_each_version(self, server, api):
        row = server.add_conference("Fields")
        counts = {}
        for version in VERSIONS:
            api.version = version
            shape = api.read(f"/conferences/{row['address']}")["conference"]
            counts[version] = set(shape)
        assert "invitations" in counts["v3"]
        assert "allow_guests_message" in counts["v3"]
        for name, since in (
            ("rights", 1),
            ("stream_id", 2),
            ("pin", 4),
            ("registration", 4),
            ("vad_selector", 5),
            ("max_guests", 6),
            ("reminders", 7),
            ("origin_type", 8),
            ("join_options", 9),
            ("mcu_mode", 10),
        ):
            assert [name in counts[version] for version in VERSIONS] == [
                minor >= since for minor in range(12)
            ], name
        assert "allow_guests_message" not in counts["v3.1"]

    def test_later_fields_are_unknown_to_earlier_versions(self, server, api):
        server.refuses_extra_fields = True
        row = server.add_conference("Fields")
        place = f"/conferences/{row['address']}"
        for name, value, since in (
            ("tags", ["a"], 1),
            ("pin", "1", 4),
            ("max_guests", 5, 6),
            ("mcu_mode", True, 10),
        ):
            api.version = VERSIONS[since - 1]
            answer = api.call("PUT", place, {name: value})
            assert reasons(answer) == (400, {("unknownField", name)})
            server.refuses_extra_fields = False
            assert name not in api.write("PUT", place, {name: value})["conference"]
            server.refuses_extra_fields = True
            api.version = VERSIONS[since]
            assert api.call("PUT", place, {name: value}).status == 200

    def test_people_in_the_first_version(self, server, api):
        group = server.add_group("Sales")
        user = server.add_user("mira", groups=[group["id"]])
        row = server.add_conference("First", invited=["mira"])
        api.version = "v3"
        shape = api.read("/users/mira")["user"]
        assert "uid" not in shape
        assert shape["groups"] == [str(group["id"])]
        listed = api.read(f"/conferences/{row['address']}")["conference"]
        assert listed["invitations"] == ["demo.admin", user["login_name"]]
        assert "cnt" not in api.read("/conferences")
        made = {"topic": "T", "owner": "mira", "invitations": ["mira", "demo.admin"]}
        shape = api.write("POST", "/conferences", made)["conference"]
        assert shape["invitations"] == ["mira", "demo.admin"]
        made = {"topic": "T", "owner": "mira", "invitations": ["demo.admin"]}
        shape = api.write("POST", "/conferences", made)["conference"]
        assert shape["invitations"] == ["mira", "demo.admin"]

    def test_translators_and_full_registrations_came_late(self, server, api):
        server.refuses_extra_fields = True
        row = server.add_conference("Late")
        place = f"/conferences/{row['address']}"
        for version, has in (("v3.8", False), ("v3.9", True)):
            api.version = version
            shape = api.read(f"{place}/invitations/demo.admin")["invitation"]
            assert ("translator" in shape) is has
        api.version = "v3.8"
        answer = api.call("PUT", f"{place}/invitations/demo.admin", {"translator": None})
        assert reasons(answer) == (400, {("unknownField", "translator")})
        api.version = "v3.7"
        assert "limit_reached" not in api.read(place)["conference"]["registration"]
        api.version = "v3.8"
        assert api.read(place)["conference"]["registration"]["limit_reached"] is False

    def test_logs_in_earlier_versions(self, server, api):
        row = server.add_conference("Logged")
        server.start_session(row["id"], minutes=5)
        server.add_recording(row["id"])
        api.version = "v3.8"
        assert "term_reason" not in api.read("/logs/calls")["list"][0]
        api.version = "v3.6"
        assert "severity" not in api.read("/logs/events")["list"][0]
        assert "topic" not in api.read("/logs/recordings")["list"][0]
        api.version = "v3.3"
        assert "owner" not in api.read("/logs/recordings")["list"][0]

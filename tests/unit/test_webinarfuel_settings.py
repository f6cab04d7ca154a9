"""What an administrator may correct: paths, OneClick keys, the zone of people; and their errors."""

from typing import Any

import pytest

from integrations.base.adapter import Connection
from integrations.base.credentials import clean
from integrations.base.errors import RecordNotFound
from integrations.webinarfuel import credentials, operations
from integrations.webinarfuel.capabilities import CAPABILITIES, narrow
from integrations.webinarfuel.client import query_of
from integrations.webinarfuel.client.http import WebinarFuelHttp


class TestPaths:
    @pytest.mark.parametrize("between", [" ", "\n", ", ", ";", "\r\n"])
    def test_are_corrected_by_name(self, between: str) -> None:
        text = between.join(["webinars=/v2/webinars", "registrant=/people/{id}/one"])
        table, problem = operations.corrected(text)
        assert problem == ""
        assert table["webinars"] == "/v2/webinars"
        assert table["registrant"] == "/people/{id}/one"
        assert table["add_tags"] == operations.PATHS["add_tags"]

    def test_empty_means_as_they_are(self) -> None:
        assert operations.corrected("  \n ") == (dict(operations.PATHS), "")

    @pytest.mark.parametrize(
        "line",
        [
            "nonsense=/x",
            "webinars",
            "webinars=",
            "webinars=webinars",
            "webinars=//evil.example.com",
            "webinars=https://evil.example.com/x",
            "webinars=/x?y=1",
            "webinars=/../x",
            "webinars=/x/",
            "webinars=/{id}",
            "webinar=/webinars",
            "webinar=/webinars/{cid}",
            "webinar=/webinars/{id}/{id",
            "registrant_session=/s/{id}",
            "webinars=/a%2Fb",
        ],
    )
    def test_what_cannot_be_a_path_is_refused(self, line: str) -> None:
        table, problem = operations.corrected(line)
        assert problem
        assert table == operations.PATHS

    def test_oneclick_may_hold_its_key(self) -> None:
        table, problem = operations.corrected("oneclick=/oneclick/{oneclick_key}")
        assert (table["oneclick"], problem) == ("/oneclick/{oneclick_key}", "")

    def test_identifiers_are_encoded(self) -> None:
        assert operations.fill("/webinars/{id}", id="a/b?c#d") == "/webinars/a%2Fb%3Fc%23d"

    @pytest.mark.parametrize("identifier", ["", ".", ".."])
    def test_identifiers_that_would_change_the_path_reach_nothing(self, identifier: str) -> None:
        with pytest.raises(RecordNotFound):
            operations.fill("/webinars/{id}", id=identifier)

    def test_the_form_takes_them_on_one_line(self) -> None:
        given = {"paths": "webinars=/v2/webinars webinar=/v2/webinars/{id}"}
        values, errors = clean(credentials.OPTIONS, given)
        assert not errors
        assert credentials.settings_of({}, values).table["webinar"] == "/v2/webinars/{id}"


class TestSettings:
    def test_oneclick_keys_belong_to_webinars(self) -> None:
        found = credentials.settings_of({"oneclick_keys": "12=abc== 13=d"}, {})
        assert (found.oneclick, found.problem) == ({"12": "abc==", "13": "d"}, "")

    @pytest.mark.parametrize("keys", ["s3cret", "x=s3cret", "12=", "12=ok s3cret"])
    def test_a_key_without_its_webinar_is_told_and_not_quoted(self, keys: str) -> None:
        found = credentials.settings_of({"oneclick_keys": keys}, {})
        assert "OneClick key number" in found.problem
        assert "s3cret" not in f"{found.problem} {found!r}"

    def test_zone_of_people(self) -> None:
        assert credentials.settings_of({}, {}).time_zone == "UTC"
        assert (
            credentials.settings_of({}, {"registrant_time_zone": "Asia/Tokyo"}).time_zone
            == "Asia/Tokyo"
        )
        assert (
            "Moon/Base"
            in credentials.settings_of({}, {"registrant_time_zone": "Moon/Base"}).problem
        )

    def test_without_keys_oneclick_is_off_and_says_why(self) -> None:
        off = narrow({}, {}).action("register_by_oneclick")
        assert not off.offered
        assert "OneClick keys" in off.sentence
        assert narrow({}, {"oneclick": ["12"]}) is CAPABILITIES


class TestTheirWords:
    @pytest.mark.parametrize(
        ("body", "sentence", "fields"),
        [
            ({"error": "Bad key"}, "Bad key", {}),
            ({"message": "No"}, "No", {}),
            ({"error": {"message": "No"}}, "No", {}),
            ({"errors": "No"}, "No", {}),
            ({"errors": ["No", "Never"]}, "No Never", {}),
            (
                {"errors": {"registrant.email": ["is invalid"], "tags": "too many"}},
                "registrant.email is invalid tags too many",
                {"email": ["is invalid"], "name": ["too many"]},
            ),
            (
                {"errors": [{"field": "phone", "message": "is wrong"}, 5]},
                "phone is wrong",
                {"phone": ["is wrong"]},
            ),
            (["No"], "", {}),
            ({}, "", {}),
        ],
    )
    def test_are_found_in_the_usual_places(self, body: Any, sentence: str, fields: Any) -> None:
        connection = Connection("http://127.0.0.1:9", {"api_key": "k"})
        http = WebinarFuelHttp(connection, credentials.settings_of({}, {}))
        said, by_field = http.read_error(body)
        assert said.strip() == sentence
        assert by_field == fields


def test_queries_are_flat() -> None:
    query = {"page": 1, "exact": True, "email": None, "tags": ["a", "b"], "custom_fields": {"x": 1}}
    assert query_of(query) == [
        ("page", "1"),
        ("exact", "true"),
        ("tags[]", "a"),
        ("tags[]", "b"),
        ("custom_fields[x]", "1"),
    ]

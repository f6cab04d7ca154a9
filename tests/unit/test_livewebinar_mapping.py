"""LiveWebinar's payloads -> records: each quirk by name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.base.adapter import Connection
from integrations.base.errors import UnexpectedAnswer
from integrations.base.paging import whole
from integrations.base.reading import Row, rows
from integrations.livewebinar.client.http import TokenlessHttp
from integrations.livewebinar.mapping import after, people, rooms
from integrations.livewebinar.mapping.lists import extent_of, listing
from integrations.livewebinar.mapping.tokens import tokens_in
from integrations.livewebinar.mapping.widget import decode, expected, widget_in
from integrations.livewebinar.payloads import PLATFORM
from tests.support.livewebinar import AT, CREDENTIALS, example, room, room_without

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class TestWidgets:
    def test_a_scheduled_room(self) -> None:
        record = decode(widget_in(example("widget")), AT)
        assert record.external_id == "1304511"
        assert record.fields == {
            "title": "Autumn tour",
            "description": "Welcome",
            "access": "open",
            "options.form": 40251,
            "permanent": False,
            "open": True,
            "timezone": "Europe/Warsaw",
            "starts_at": "2026-11-02T13:00:00Z",
            "duration_minutes": 80,
        }
        assert record.facts == {
            "room_token": "123-123-123",
            "room_url": "https://app.livewebinar.com/123-123-123",
            "embed_room_url": "https://embed.archiebot.com/widget-login?token=123-123-123",
        }
        assert not record.partial

    def test_a_listing(self) -> None:
        found = [decode(r, AT) for r in rows(example("widgets"), "webinar", PLATFORM, ("data",))]
        assert [r.external_id for r in found] == ["7", "8"]
        assert found[0].fields["starts_at"] is None
        assert found[0].fields["duration_minutes"] is None
        assert found[1].fields["starts_at"] == "2026-11-02T13:00:00Z"
        assert found[1].fields["duration_minutes"] == 45
        assert not any(r.partial for r in found)

    @pytest.mark.parametrize(
        "wrap",
        [
            pytest.param(lambda w: {"data": w}, id="data"),
            pytest.param(lambda w: {"widget": w}, id="widget"),
            pytest.param(lambda w: {"data": [w]}, id="a list of one"),
            pytest.param(lambda w: w, id="bare"),
        ],
    )
    def test_every_envelope_is_opened(self, wrap: Any) -> None:
        answer = wrap(example("widget")["data"])
        assert decode(widget_in(answer), AT).external_id == "1304511"

    def test_role_hashes_are_volatile(self) -> None:
        one, two = room(roles={"host": "a"}), room(roles={"host": "b"}, hosted_at=None)
        assert (one.fields, one.facts) == (two.fields, two.facts)
        assert one.volatile != two.volatile

    def test_rooms_by_role_are_said_or_put_together(self) -> None:
        assert room().volatile["role_urls"] == {
            "attendee": "https://app.livewebinar.com/123-123-123",
            "host": "https://app.livewebinar.com/123-123-123/x/HoStHaSh",
            "presenter": "https://app.livewebinar.com/123-123-123/x/IYuUtn2P",
        }
        hosted = {"host": "https://rooms.example.com/h", "presenter": "javascript:alert(1)"}
        urls = room(hosted_at=hosted).volatile["role_urls"]
        assert urls["host"] == "https://rooms.example.com/h"
        assert urls["presenter"].endswith("/x/IYuUtn2P")
        assert (
            room(roles={"data": {"host": "q"}}, hosted_at=None)
            .volatile["role_urls"]["host"]
            .endswith("/x/q")
        )

    @pytest.mark.parametrize("value", [1793624400, "1793624400", "2026-11-02 14:00:00"])
    def test_start_is_a_unix_integer_or_wall_time(self, value: Any) -> None:
        assert room(start_date=value).fields["starts_at"] == "2026-11-02T13:00:00Z"

    @pytest.mark.parametrize(
        ("seconds", "moment"),
        [
            (1774745999, "2026-03-29T00:59:59Z"),
            (1774746000, "2026-03-29T01:00:00Z"),
            (1792888200, "2026-10-25T00:30:00Z"),
            (1792891800, "2026-10-25T01:30:00Z"),
        ],
    )
    def test_an_integer_is_one_moment_whatever_clocks_do(self, seconds: int, moment: str) -> None:
        assert room(start_date=seconds).fields["starts_at"] == moment

    @pytest.mark.parametrize("value", ["soon", 10**15, -(10**15), [], {}, True])
    def test_a_start_that_makes_no_sense_is_named(self, value: Any) -> None:
        with pytest.raises(UnexpectedAnswer, match="start_date"):
            room(start_date=value)

    def test_permanent_room_never_shows_times(self) -> None:
        record = room(type="permanent")
        assert record.fields["starts_at"] is None
        assert record.fields["duration_minutes"] is None
        ours = {"permanent": True, "starts_at": "2026-11-02T13:00:00Z", "duration_minutes": 60}
        assert expected(ours) == {"permanent": True, "starts_at": None, "duration_minutes": None}

    def test_listing_row_without_start_is_partial(self) -> None:
        assert room_without("start_date").partial
        assert room_without("type", "start_date").partial

    @pytest.mark.parametrize(
        ("password", "access"),
        [("", "open"), (None, "open"), (False, "open"), ("x", "password"), (True, "password")],
    )
    def test_a_password_is_seen_and_goes_nowhere(self, password: Any, access: str) -> None:
        record = room(password=password)
        assert record.fields["access"] == access
        assert "password" not in record.fields
        assert "hunter2" not in repr(room(password="hunter2"))

    @pytest.mark.parametrize(
        ("form", "number"),
        [
            ({"id": 5}, 5),
            ({"id": "5"}, 5),
            ({"data": {"id": 5}}, 5),
            (5, 5),
            ("5", 5),
            (None, None),
            ({}, None),
            ([], None),
            ("", None),
            (0, None),
        ],
    )
    def test_form_is_whole_wrapped_or_a_number(self, form: Any, number: int | None) -> None:
        assert room(form=form).fields["options.form"] == number

    def test_what_an_answer_leaves_out_is_left_out(self) -> None:
        names = ("agenda", "password", "form", "status", "timezone", "duration")
        fields = room_without(*names).fields
        assert set(fields) == {"title", "permanent", "starts_at"}

    def test_no_agenda_is_an_empty_one(self) -> None:
        assert room(agenda=None).fields["description"] == ""

    def test_unknown_words_stay_as_they_are(self) -> None:
        record = room(status="archived", type="evergreen", timezone="Mars/Base")
        assert not {"open", "permanent", "timezone"} & record.fields.keys()
        said = {"status": "archived", "type": "evergreen", "timezone": "Mars/Base"}
        assert {n: record.facts[n] for n in said} == said


class TestTokens:
    def test_flat_wrapped_and_of_a_login(self) -> None:
        end = (NOW + timedelta(hours=1)).isoformat()
        pair = {"access_token": "aaa.bbb", "refresh_token": "rrr", "expires_at": end}
        assert tokens_in(example("tokens"), NOW) == pair
        assert tokens_in(example("tokens_wrapped"), NOW) == pair
        assert tokens_in(example("login"), NOW) == {"access_token": "ttt", "expires_at": end}

    @pytest.mark.parametrize("name", ["expires_in", "expires_id"])
    @pytest.mark.parametrize("value", [3600, "3600", int(NOW.timestamp()) + 3600])
    def test_expiry_has_two_names_and_may_be_a_moment(self, name: str, value: Any) -> None:
        found = tokens_in({"access_token": "a", name: value}, NOW)
        assert found["expires_at"] == (NOW + timedelta(hours=1)).isoformat()

    def test_without_an_expiry_it_does_not_end(self) -> None:
        assert tokens_in({"token": "a"}) == {"access_token": "a"}

    @pytest.mark.parametrize(
        "answer",
        [
            None,
            [],
            {},
            {"error": "x"},
            {"access_token": ""},
            {"access_token": "a b"},
            {"access_token": "a\nb"},
            {"token": None},
            {"access_token": "ż"},
            {"access_token": "a", "refresh_token": "r r"},
        ],
    )
    def test_what_is_no_token_is_not_stored(self, answer: Any) -> None:
        with pytest.raises(UnexpectedAnswer):
            tokens_in(answer)


class TestPeople:
    def test_document_says_emails_and_roles_of_its_own(self) -> None:
        sent = people.encode_person({"email": " Ann@Example.com ", "name": "Ann M. Lee"}, "host")
        assert sent == {
            "emails": "ann@example.com",
            "role": "moderator",
            "firstname": "Ann M.",
            "lastname": "Lee",
        }

    def test_what_is_optional_and_empty_is_left_out(self) -> None:
        person = {"email": "ann@example.com", "first_name": "Ann", "last_name": ""}
        assert people.encode_person(person, "attendee") == {
            "emails": "ann@example.com",
            "role": "attendee",
            "firstname": "Ann",
        }
        assert people.encode_person({"email": "a@example.com", "name": "Ann"}, "listener") == {
            "emails": "a@example.com",
            "role": "attendee",
            "firstname": "Ann",
        }

    def test_personal_link(self) -> None:
        url = "https://app.livewebinar.com/123-123-123/p/pErSoNaL"
        assert people.personal(example("personal")) == (url, "pErSoNaL")
        assert people.personal([{"personal_url": url}]) == (url, "")
        assert people.personal({"personal_token": "x/y"}) == ("", "x/y")
        assert people.link_from("https://app.livewebinar.com/1-1-1", "x/y").endswith("/p/x%2Fy")

    @pytest.mark.parametrize(
        "answer",
        [
            None,
            {},
            {"data": []},
            {"data": [{}, {}]},
            {"personal_url": "javascript:alert(1)"},
            {"personal_token": "a b"},
        ],
    )
    def test_an_answer_without_a_link_is_not_believed(self, answer: Any) -> None:
        with pytest.raises(UnexpectedAnswer):
            people.personal(answer)

    def test_answers_to_a_form_are_one_a_line(self) -> None:
        assert people.answers_in("company: A: B\n\n  phone :  1 ") == {
            "company": "A: B",
            "phone": "1",
        }

    def test_people_are_a_table_of_what_is_said(self) -> None:
        table = people.people_rows(rows(example("participants"), "p", PLATFORM, ("data",)))
        assert table == [
            {
                "id": "1",
                "nickname": "Ann",
                "email": "ann@example.com",
                "role": "attendee",
                "joined_at": "2026-11-02T13:01:00Z",
            }
        ]
        assert people.people_rows([Row({"email": "x"}, "p", PLATFORM)])[0]["id"] == "row 1"


class TestTheRest:
    def test_recordings_have_a_name_and_a_volatile_address(self) -> None:
        (row,) = rows(example("recordings"), "recording", PLATFORM, ("data",))
        record = after.decode_recording(row, "7")
        assert record.external_id == "7/310744"
        assert record.fields == {
            "started_at": "2026-11-02T14:00:00Z",
            "duration_seconds": 1800,
            "size_bytes": None,
        }
        assert record.facts == {"name": "Autumn tour 1"}
        assert record.volatile == {"recording_url": "https://files.example.com/1?sig=a"}

    def test_embed_code_is_filled_in(self) -> None:
        facts = rooms.embed_facts({"_license_key": "1-1-1", "_nickname": "Ann"}, AT)
        assert facts == {
            "Embed script": "https://embed.archiebot.com/em?t=1-1-1&_license_key=1-1-1"
            "&_nickname=Ann",
            "Embed option _license_key": "1-1-1",
            "Embed option _nickname": "Ann",
        }

    @pytest.mark.parametrize(
        ("body", "words", "fields"),
        [
            (
                {"error": {"message": "Invalid.", "errors": {"start_date": ["Bad."], "x": "No."}}},
                "Invalid. Bad. No.",
                {"starts_at": ["Bad."], "x": ["No."]},
            ),
            ({"message": "M", "errors": {"emails": ["E"]}}, "M E", {"email": ["E"]}),
            ({"error": "invalid_grant", "error_description": "Spent."}, "Spent.", {}),
            ({"error": "invalid_grant"}, "invalid_grant", {}),
            ({}, "", {}),
            ([], "", {}),
        ],
    )
    def test_their_words_are_found(self, body: Any, words: str, fields: Any) -> None:
        tokenless = TokenlessHttp(Connection("https://api.archiebot.com", CREDENTIALS))
        assert tokenless.read_error(body) == (words, fields)


class TestPaging:
    def read(self, *answers: Any, at_once: int = 2) -> list[list[str]]:
        def ask(number: int) -> Any:
            return answers[number - 1]

        return [
            [r.ident("id") for r in page]
            for page in whole(listing("webinar", at_once), ask, extent_of)
        ]

    def page(self, *ids: int, **meta: Any) -> Any:
        data = [{"id": number} for number in ids]
        return {"data": data, "meta": {"pagination": meta}} if meta else {"data": data}

    def test_without_meta_a_short_page_is_the_last(self) -> None:
        assert self.read(self.page(1, 2), self.page(3)) == [["1", "2"], ["3"]]
        assert self.read(self.page(1, 2), self.page()) == [["1", "2"], []]

    @pytest.mark.parametrize("pages", ["total_pages", "last_page"])
    def test_with_meta_a_smaller_page_than_asked_for_is_no_end(self, pages: str) -> None:
        one = self.page(1, total=2, current_page=1, **{pages: 2})
        two = self.page(2, total=2, current_page=2, **{pages: 2})
        assert self.read(one, two) == [["1"], ["2"]]
        assert self.read(self.page(1, total=2), self.page(2, total=2)) == [["1"], ["2"]]

    @pytest.mark.parametrize(
        "answers",
        [
            pytest.param([({"ids": (1, 2)}), ({"ids": (1, 2)})], id="repeats"),
            pytest.param([{"ids": (1,), "total": 2}, {"ids": (2,), "total": 3}], id="total moved"),
            pytest.param([{"ids": (1,), "total": 2}, {"ids": (), "total": 2}], id="too few"),
            pytest.param([{"ids": (1, 2), "total": 1}], id="too many"),
            pytest.param(
                [
                    {"ids": (1,), "total": 2, "current_page": 1},
                    {"ids": (2,), "total": 2, "current_page": 1},
                ],
                id="page not heard",
            ),
        ],
    )
    def test_a_list_that_is_not_whole_is_not_believed(self, answers: Any) -> None:
        made = [self.page(*a["ids"], **{k: v for k, v in a.items() if k != "ids"}) for a in answers]
        with pytest.raises(UnexpectedAnswer):
            self.read(*made)

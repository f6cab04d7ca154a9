"""ClickMeeting's quirks of registrations, contacts, sessions and attendance, each by name."""

from typing import Any

import pytest

from integrations.base.answers import unpacked
from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row
from integrations.base.records import Record
from integrations.clickmeeting.mapping import after, people
from integrations.clickmeeting.payloads import PLATFORM
from tests.support.clickmeeting import example


class TestQuirksOfPeople:
    def row(self, **changes: Any) -> Record:
        return people.decode_registration(
            Row({**example("registrations")[0], **changes}, "registration", PLATFORM), "12"
        )

    def test_null_as_a_word_is_nothing(self) -> None:
        assert "confirmed" not in self.row(registration_confirmed="null").facts

    def test_before_the_first_session_there_is_none(self) -> None:
        assert "session" not in self.row(session_id=None).facts

    def test_address_is_lower_case(self) -> None:
        assert self.row(email=" Ann@Example.COM ").fields["email"] == "ann@example.com"

    def test_translated_labels_fall_back_to_the_nickname(self) -> None:
        record = self.row(fields={"Imię": "Ann", "Nazwisko": "Lee"}, visitor_nickname="Ann Lee")
        assert (record.fields["first_name"], record.fields["last_name"]) == ("Ann Lee", "")
        assert "answers" not in record.fields

    @pytest.mark.parametrize("nickname", ["Ann Lee", "Ann", "ann lee"])
    def test_what_is_asked_beside_name_and_address_is_answers(self, nickname: str) -> None:
        asked = {"Company": " Lee & Co ", "E-mail": "ANN@example.com", "Empty": "", "Size": 4}
        for names in ({"Imię": "Ann", "Nazwisko": "Lee"}, {"First Name": "A", "Last Name": "B"}):
            record = self.row(
                fields=names | asked, visitor_nickname=nickname, email="ann@example.com"
            )
            assert unpacked(record.fields["answers"]) == {"Company": "Lee & Co", "Size": "4"}

    def test_no_answer_is_no_field(self) -> None:
        assert "answers" not in self.row().fields

    @pytest.mark.parametrize("empty", [[], {}, None])
    def test_no_fields_is_no_error(self, empty: Any) -> None:
        assert self.row(fields=empty).fields["first_name"] == "name"

    def test_registered_already(self) -> None:
        answer = {"status": "OK", "url": "https://example.clickmeeting.com/1/?r=Z", "exist": 1}
        record = people.registered(answer, {"email": "a@example.com"}, "1")
        assert record.facts["already_registered"] is True

    def test_their_mail_is_off_unless_a_language_is_set(self) -> None:
        person = {"email": "a@example.com", "first_name": "Ann", "last_name": "Lee"}
        assert people.encode_registration(person, "") == {
            "registration": {1: "Ann", 2: "Lee", 3: "a@example.com"},
            "confirmation_email": {"enabled": False},
        }
        assert people.encode_registration(person, "pl")["confirmation_email"] == {
            "enabled": True,
            "lang": "pl",
        }

    def test_who_has_no_name_is_given_one(self) -> None:
        sent = people.encode_registration({"email": "ann.lee@example.com"}, "")
        assert sent["registration"] == {1: "ann.lee", 2: "-", 3: "ann.lee@example.com"}

    def test_contact_leaves_out_what_is_empty_and_optional(self) -> None:
        person = {"email": "a@example.com", "first_name": "A", "last_name": "B", "phone": ""}
        assert people.encode_contact(person) == {
            "email": "a@example.com",
            "firstname": "A",
            "lastname": "B",
        }

    @pytest.mark.parametrize("key", ["result", "STATUS", "response", "status"])
    def test_each_way_of_saying_ok(self, key: str) -> None:
        people.confirm({key: "OK"}, people.DELETION)

    @pytest.mark.parametrize("answer", ["200 OK", "204 No Content"])
    def test_a_status_confirms_a_deletion_alone(self, answer: str) -> None:
        people.confirm(answer, people.DELETION)
        with pytest.raises(UnexpectedAnswer):
            people.confirm(answer, "contact")

    @pytest.mark.parametrize("answer", [{}, [], None, "OK", {"result": "ERROR"}, {"errors": []}])
    def test_anything_else_is_not_ok(self, answer: Any) -> None:
        with pytest.raises(UnexpectedAnswer):
            people.confirm(answer, "deletion")


class TestQuirksOfAttendance:
    def visit(self, **changes: Any) -> dict[str, Any]:
        return {**example("session")["attendees"][0], **changes}

    def person(self, **changes: Any) -> dict[str, Any]:
        return {**example("session_attendees")[0], **changes}

    def joined(self, visits: list[Any], found: list[Any]) -> list[Record]:
        return after.decode_attendance({"attendees": visits}, found, "4085/65177")

    def test_times_and_role_meet_on_an_id_that_is_text_in_one_list_only(self) -> None:
        (record,) = self.joined(
            [self.visit(id=948, email="visitor1@example.com")], [self.person(uid="948")]
        )
        assert record.external_id == "4085/65177/948"
        assert record.fields == {
            "email": "visitor1@example.com",
            "name": "visitor1",
            "role": "listener",
            "joined_at": "2014-07-14T09:55:00Z",
            "left_at": "2014-07-14T10:06:00Z",
        }
        assert record.facts["rating"] == "5"

    def test_else_they_meet_on_the_address(self) -> None:
        (record,) = self.joined([self.visit(id=1, email="VISITOR1@example.com")], [self.person()])
        assert record.external_id == "4085/65177/948"
        assert record.fields["joined_at"]

    def test_an_attendees_own_times_count_where_no_visit_matches(self) -> None:
        came, left = "2014-07-14T12:01:00+02:00", "2014-07-14T12:09:00+02:00"
        (record,) = self.joined([], [{**self.person(), "start_date": came, "end_date": left}])
        assert record.fields["joined_at"] == "2014-07-14T10:01:00Z"
        assert record.fields["left_at"] == "2014-07-14T10:09:00Z"
        both = self.joined([self.visit(id=948, email="")], [{**self.person(), "start_date": came}])
        assert [r.fields["joined_at"] for r in both] == ["2014-07-14T09:55:00Z"]

    def test_same_id_but_another_address_is_another_person(self) -> None:
        found = self.joined([self.visit(id=948, email="other@example.com")], [self.person()])
        assert {r.fields["email"] for r in found} == {"other@example.com", "visitor1@example.com"}
        assert len({r.external_id for r in found}) == 2

    def test_the_documents_own_lists_do_not_meet(self) -> None:
        found = after.decode_attendance(
            example("session"), example("session_attendees"), "4085/65177"
        )
        assert [r.external_id.rpartition("/")[2] for r in found if r.external_id] == [
            "948",
            "6275",
            "867",
        ]
        polls = next(r.facts["polls"] for r in found if "polls" in r.facts)
        assert polls[0]["name"] == "My poll name"

    def test_someone_who_came_back_is_there_twice(self) -> None:
        again = self.visit(id=948, email="", start_date="2014-07-14T12:05:00+02:00")
        found = self.joined([again, self.visit(id=948, email="")], [self.person()])
        assert [r.external_id for r in found] == ["4085/65177/948", "4085/65177/948~2"]
        assert [r.fields["joined_at"] for r in found] == [
            "2014-07-14T09:55:00Z",
            "2014-07-14T10:05:00Z",
        ]
        assert {r.fields["role"] for r in found} == {"listener"}

    def test_rows_without_identifier_are_never_made_one(self) -> None:
        bare = {"email": None, "id": None, "login": "guest"}
        found = self.joined([self.visit(**bare), self.visit(**bare)], [])
        assert len({r.external_id for r in found}) == 2

    def test_session_still_running_has_no_end(self) -> None:
        row = Row({"id": 1, "start_date": "2026-01-01T10:00:00Z", "end_date": None}, "s", PLATFORM)
        assert after.decode_session(row, "1").fields["ends_at"] is None

    @pytest.mark.parametrize("said", ["IN_PROGRESS", "IN PROGRESS", "in progress"])
    def test_report_in_progress_is_spelt_in_two_ways(self, said: str) -> None:
        assert after.report({"status": said, "progress": 5})["status"] == "IN_PROGRESS"

    def test_start_of_a_recording_is_utc_without_saying_so(self) -> None:
        record = after.decode_recording(Row(example("recordings")[0], "recording", PLATFORM), "1")
        assert record.fields["started_at"] == "2014-06-04T13:14:03Z"

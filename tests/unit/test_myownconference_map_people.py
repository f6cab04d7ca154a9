"""MyOwnConference's people, groups and moderators on the document's own examples."""

from collections import Counter
from typing import Any

import pytest

from integrations.base.errors import UnexpectedAnswer
from integrations.base.reading import Row
from integrations.myownconference.mapping import people
from integrations.myownconference.mapping.answers import confirm, numbered
from integrations.myownconference.payloads import PLATFORM
from tests.support.myownconference import ALIAS, example


class TestNames:
    @pytest.mark.parametrize(
        ("first", "last"),
        [("Ann", "Lee"), ("Anna Maria", "Lee"), ("Ann", "van der Berg"), ("Ann", ""), ("Å", "Ö")],
    )
    def test_one_name_can_be_taken_apart_again(self, first: str, last: str) -> None:
        assert people.split_name(people.join_name(first, last)) == (first, last)

    def test_a_space_inside_a_first_name_travels_as_one_that_does_not_break(self) -> None:
        assert people.join_name("Anna Maria", "Lee") == "Anna\u00a0Maria Lee"

    def test_a_last_name_alone_is_shown_as_a_first_one(self) -> None:
        fields = {"email": "a@example.com", "first_name": "", "last_name": "Lee"}
        shown = people.expected_person(fields)
        assert (shown["first_name"], shown["last_name"]) == ("Lee", "")

    @pytest.mark.parametrize(
        ("email", "name"),
        [("ann@example.com", "ann"), ("a.b+c@example.com", "a b c"), ("+@example.com", "Guest")],
    )
    def test_who_has_no_name_is_called_by_the_address(self, email: str, name: str) -> None:
        """Without what the document forbids in a name."""
        fields = {"email": email, "first_name": "", "last_name": ""}
        assert people.full_name(fields) == name

    def test_a_changed_part_is_sent_as_a_whole_name(self) -> None:
        shown = {"email": "a@example.com", "first_name": "Anna Maria", "last_name": "Lee"}
        assert people.encode_attendee({"last_name": "Smith"}, shown) == {
            "name": "Anna\u00a0Maria Smith"
        }
        assert people.encode_attendee({"phone": ""}, shown) == {"phone": ""}


class TestParticipants:
    def test_are_read(self) -> None:
        found, count = people.listing(example("attendees"))
        assert count == 3
        record = people.decode_attendee(found[0])
        assert record.external_id == "ann@example.com"
        assert record.fields == {
            "email": "ann@example.com",
            "first_name": "Anna",
            "last_name": "Maria Lee",
            "phone": "+48 1",
            "company": "Lee",
        }
        assert record.facts["country"] == "DE"

    def test_without_an_address_they_keep_apart(self) -> None:
        rows = [Row({"name": "Guest", "email": ""}, "participant", PLATFORM)] * 2
        seen: Counter[str] = Counter()
        first, second = numbered(map(people.decode_attendee, rows), seen)
        assert first.fields["email"] is None
        assert first.external_id != second.external_id

    def test_with_one_they_are_never_numbered(self) -> None:
        """An address that comes twice means that rows moved between pages."""
        rows = [Row({"name": "Bo", "email": "bo@example.com"}, "participant", PLATFORM)] * 2
        ids = [r.external_id for r in numbered(map(people.decode_attendee, rows), Counter())]
        assert ids == ["bo@example.com"] * 2

    def test_registration_has_the_link(self) -> None:
        found, _ = people.listing(example("registrations"))
        record = people.decode_registration(found[0], ALIAS)
        assert record.external_id == f"{ALIAS}/ann@example.com"
        assert record.facts["join_url"] == f"https://mywebinar.com/{ALIAS}?u=ann"

    @pytest.mark.parametrize(
        "answer",
        [None, [], {}, {"count": "1"}, {"list": []}, {"count": "x", "list": []}, {"count": -1}],
    )
    def test_a_listing_without_count_or_list_is_not_believed(self, answer: Any) -> None:
        with pytest.raises(UnexpectedAnswer):
            people.listing(answer)

    def test_a_search_that_finds_more_is_cut_to_the_address(self) -> None:
        found, _ = people.listing(example("attendees"))
        assert people.one_with(found, "bo@example.com") is found[1]
        assert people.one_with(found, "o@example.com") is None
        with pytest.raises(UnexpectedAnswer):
            people.one_with([found[1], found[1]], "bo@example.com")


class TestGroups:
    def test_come_in_a_list_inside_a_list(self) -> None:
        found = [people.decode_group(row) for row in people.group_rows(example("groups"))]
        assert [(g.external_id, g.fields["name"]) for g in found] == [
            ("101", "Guests of honour"),
            ("102", "Guests of honour"),
        ]

    @pytest.mark.parametrize("answer", [[], [[]]])
    def test_or_there_are_none(self, answer: Any) -> None:
        assert people.group_rows(answer) == []

    def test_or_in_a_plain_list(self) -> None:
        assert len(people.group_rows(example("common_groups"))) == 1

    @pytest.mark.parametrize("answer", [[[], {"id": "1"}], [[[]]], {"id": "1"}, "x", None])
    def test_anything_else_is_not_believed(self, answer: Any) -> None:
        with pytest.raises(UnexpectedAnswer):
            people.group_rows(answer)


class TestModerators:
    def test_are_listed_without_their_link(self) -> None:
        found = people.moderator_rows(example("moderators"))
        main, host = (people.decode_moderator(row, ALIAS) for row in found)
        assert main.facts == {"main": True, "avatar": False, "fixed": people.MAIN_STAYS}
        assert host.external_id == f"{ALIAS}/host@example.com"
        assert host.fields == {"email": "host@example.com", "name": "Hanna Host"}
        assert host.partial

    def test_link_completes_them(self) -> None:
        links = people.room_links(example("moderator_rooms"), "moderatorLink")
        row = people.moderator_rows(example("moderators"))[1]
        record = people.decode_moderator(row, ALIAS, links[ALIAS])
        assert record.facts["join_url"] == f"https://mywebinar.com/{ALIAS}?u=abc"
        assert not record.partial

    def test_one_without_an_address_is_not_believed(self) -> None:
        with pytest.raises(UnexpectedAnswer):
            people.moderator_rows([{"name": "Nobody"}])


@pytest.mark.parametrize("answer", [{}, [], None, "OK", {"success": None}, {"success": False}])
def test_only_success_confirms(answer: Any) -> None:
    with pytest.raises(UnexpectedAnswer):
        confirm(answer, "change")

"""What is TrueConf's own: versions, logins, tokens that run out, three ways of paging, owners."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.base.adapter import Adapter, Connection
from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformUnavailable,
    RequestRejected,
    UnexpectedAnswer,
    UnsupportedByPlatform,
)
from integrations.base.records import Draft, Kind, Record
from integrations.base.tokens import MemoryTokens
from integrations.registry import room
from integrations.trueconf.payloads import VERSIONS
from tests.contract.worlds.promises import all_records
from tests.support.rawserver import raw_server, says, self_signed
from tests.support.trueconf import OWNER, connection, draft

Open = Callable[..., Adapter]


@pytest.fixture
def side(sandbox: Any) -> Any:
    """The server's own side; strict about fields, so that it shows if we send one too many."""
    account = sandbox.account("trueconf")
    account.refuses_extra_fields = True
    return account


@pytest.fixture
def open_adapter(sandbox: Any) -> Iterator[Open]:
    opened: list[Adapter] = []

    def make(version: str = "v3.10", base_url: str = "", tokens: Any = None, **options: str) -> Any:
        given = connection(sandbox, version, **options)
        given = Connection(
            base_url or given.base_url,
            given.credentials,
            given.options,
            learned=given.learned,
            tokens=tokens or MemoryTokens(),
        )
        opened.append(room("trueconf").open(given))
        return opened[-1]

    yield make
    for adapter in opened:
        adapter.close()


def made(adapter: Adapter, **fields: Any) -> Record:
    record = adapter.create(draft(**fields))
    assert record.external_id
    return record


def person(kind: Kind, parent: str | None, email: str = "ann@example.com") -> Draft:
    fields = {"email": email, "first_name": "Ann", "last_name": "Lee"}
    if kind is Kind.MODERATOR:
        fields = {"email": email, "name": "Ann", "role": "host"}
    return Draft(kind, fields, parent_id=parent)


def user(side: Any, login: str = "ann", **values: Any) -> Any:
    values = {"email": f"{login}@example.com", **values}
    return side.add_user(login, login.title(), **values)


def answering(open_adapter: Open, body: bytes, use: Callable[[Adapter], Any], status: str) -> Any:
    with raw_server(says(body, status)) as server:
        return use(open_adapter(base_url=server.url))


class TestVersions:
    @pytest.mark.parametrize("newest", ["v3", "v3.4", "v3.9", "v3.10", "v3.11"])
    def test_is_found_by_asking(self, newest: str, side: Any, open_adapter: Open) -> None:
        side.versions = VERSIONS[: VERSIONS.index(newest) + 1]
        found = open_adapter("", api_version="auto").check()
        assert found.learned == {"api_version": newest}
        assert found.sentence.endswith(f"{newest[1:]} of its API.")

    def test_or_chosen(self, sandbox: Any, open_adapter: Open) -> None:
        assert open_adapter(api_version="v3.2").check().learned == {"api_version": "v3.2"}
        assert [e.path for e in sandbox.requests] == ["/api/v3.2/conferences"]

    def test_v31_gives_way_to_a_version_that_shows_conferences(
        self, side: Any, open_adapter: Open
    ) -> None:
        side.add_conference("There")
        adapter = open_adapter("", api_version="v3.1")
        with pytest.raises(UnexpectedAnswer, match="Choose version"):
            all_records(adapter, Kind.CONFERENCE, None)
        found = adapter.check()
        assert found.learned == {"api_version": "v3.11"}
        assert "instead of 3.1" in found.sentence
        again = open_adapter("v3.11", api_version="v3.1")
        assert len(all_records(again, Kind.CONFERENCE, None)) == 1

    def test_an_old_server_in_v31_is_believed_and_a_new_one_is_not(
        self, side: Any, open_adapter: Open
    ) -> None:
        side.versions, side.version = ("v3", "v3.1"), "5.0.2"
        found = open_adapter("", api_version="auto").check()
        assert found.learned == {"api_version": "v3.1"}
        assert all_records(open_adapter("v3.1"), Kind.CONFERENCE, None) == []
        side.version = "5.0.3"
        with pytest.raises(UnexpectedAnswer, match="shows no webinars"):
            open_adapter("", api_version="auto").check()

    def test_a_server_that_has_none_is_told(self, side: Any, open_adapter: Open) -> None:
        side.versions = ()
        with pytest.raises(UnexpectedAnswer, match="no API"):
            open_adapter("").check()
        with pytest.raises(UnexpectedAnswer):
            all_records(open_adapter("v3.9"), Kind.CONFERENCE, None)

    def test_trouble_while_asking_is_no_older_version(
        self, sandbox: Any, open_adapter: Open
    ) -> None:
        for fault, error in (("unavailable", PlatformUnavailable), ("html", UnexpectedAnswer)):
            sandbox.faults.add(fault, count=1)
            with pytest.raises(error):
                open_adapter("").check()

    @pytest.mark.parametrize("version", VERSIONS)
    def test_each_version_is_spoken(self, version: str, side: Any, open_adapter: Open) -> None:
        side.versions, side.version = (version,), "5.0.2"
        user(side)
        adapter = open_adapter(version)
        can = adapter.capabilities.kind(Kind.CONFERENCE)
        wanted = {
            "options.recording": True,
            "options.mute_cameras": True,
            "options.max_guests": 5,
            "options.smart_meeting": True,
            "options.guests_write": False,
            "registration_enabled": True,
            "options.mcu_mode": False,
        }
        known = {n: v for n, v in wanted.items() if n in can.fields}
        record = made(adapter, **known)
        again = adapter.get(Kind.CONFERENCE, record.external_id or "")
        assert {name: again.fields[name] for name in known} == known
        changed = adapter.update(again, {"title": "Renamed", "room_type": "webinar", **known})
        assert changed is not None
        assert changed.fields["title"] == "Renamed"
        adapter.create(person(Kind.REGISTRATION, record.external_id))
        assert len(all_records(adapter, Kind.REGISTRATION, record.external_id)) == 1
        assert len(all_records(adapter, Kind.CONFERENCE, None)) == 1
        assert [r.external_id for r in all_records(adapter, Kind.ATTENDEE, None)] == ["ann"]

    def test_abilities_are_those_of_the_version(self, open_adapter: Open) -> None:
        old, new = open_adapter("v3").capabilities, open_adapter("v3.10").capabilities
        assert not old.kind(Kind.SESSION).list.offered
        assert "v3.1" in old.kind(Kind.SESSION).list.sentence
        assert "password" not in old.kind(Kind.CONFERENCE).fields
        assert not old.action("kick").offered
        assert new.action("kick").offered
        assert {o.name for o in old.options} < {o.name for o in new.options}
        with pytest.raises(UnsupportedByPlatform):
            open_adapter("v3.8").perform("kick", "1", {"id": "x"})

    @pytest.mark.parametrize("version", ["v3.4", "v3.5"])
    def test_people_are_rung_by_participants_then_by_invitations(
        self, version: str, side: Any, sandbox: Any, open_adapter: Open
    ) -> None:
        user(side, online=True)
        row = side.add_conference("Live")
        side.begin_call(row["id"], side.now() - 60)
        answer = open_adapter(version).perform(
            "call_people", row["address"], {"people": "ann@example.com"}
        )
        assert "rings" in answer["sentence"]


class TestLogin:
    @pytest.mark.parametrize("way", ["client_credentials", "password"])
    def test_one_token_serves_many_calls(self, way: str, sandbox: Any, open_adapter: Open) -> None:
        adapter = open_adapter(login=way)
        for _ in range(3):
            all_records(adapter, Kind.CONFERENCE, None)
        asked = [e.path for e in sandbox.requests]
        assert asked.count("/oauth2/v1/token") == 1

    def test_token_that_ran_out_under_way_is_replaced_once(
        self, side: Any, sandbox: Any, open_adapter: Open
    ) -> None:
        adapter = open_adapter(login="client_credentials")
        all_records(adapter, Kind.CONFERENCE, None)
        side.expire_tokens()
        assert made(adapter).external_id
        assert [e.status for e in sandbox.requests if e.path != "/oauth2/v1/token"] == [
            200,
            403,
            200,
        ]
        assert len(all_records(adapter, Kind.CONFERENCE, None)) == 1

    def test_workers_that_find_it_stale_together_ask_for_one_new_token(
        self, side: Any, sandbox: Any, open_adapter: Open
    ) -> None:
        tokens = MemoryTokens()
        adapters = [open_adapter(login="client_credentials", tokens=tokens) for _ in range(4)]
        all_records(adapters[0], Kind.CONFERENCE, None)
        side.expire_tokens()
        threads = [
            threading.Thread(target=all_records, args=(a, Kind.CONFERENCE, None)) for a in adapters
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        asked = [e for e in sandbox.requests if e.path == "/oauth2/v1/token"]
        assert len(asked) == 2, "the first, and the one that replaces it"

    def test_token_is_renewed_before_it_ends(
        self, side: Any, sandbox: Any, open_adapter: Open
    ) -> None:
        side.token_seconds = 30  # shorter than the margin
        adapter = open_adapter(login="client_credentials")
        for _ in range(2):
            all_records(adapter, Kind.CONFERENCE, None)
        assert all(entry.status == 200 for entry in sandbox.requests)

    @pytest.mark.parametrize("way", ["client_credentials", "password"])
    def test_refused_login(self, way: str, sandbox: Any) -> None:
        given = connection(sandbox, "v3.10", login=way)
        wrong = {**given.credentials, "client_secret": "wrong-word", "password": "wrong-word"}
        adapter = room("trueconf").open(Connection(given.base_url, wrong, given.options))
        for call in (adapter.check, lambda: adapter.create(draft())):
            with pytest.raises(CredentialsRejected) as caught:
                call()
            assert "wrong-word" not in f"{caught.value} {vars(caught.value)}"
        adapter.close()

    def test_login_that_is_down_makes_no_create_uncertain(
        self, sandbox: Any, open_adapter: Open
    ) -> None:
        adapter = open_adapter(login="client_credentials")
        sandbox.faults.add("html", path="/oauth2/*", count=1)
        with pytest.raises(PlatformUnavailable):
            adapter.create(draft())
        assert made(adapter).external_id

    def test_stale_permanent_key_pauses_the_account(self, open_adapter: Open) -> None:
        body = b'{"error": {"code": 403, "errors": [{"reason": "accessTokenInvalid"}]}}'
        with pytest.raises(CredentialsRejected):
            answering(
                open_adapter, body, lambda a: all_records(a, Kind.CONFERENCE, None), "403 Forbidden"
            )

    def test_own_authority_of_the_server(self, tmp_path: Any) -> None:
        tls, certificate = self_signed(tmp_path)
        with raw_server(says(b'{"conferences": []}'), tls) as server:
            for bundle, error in ((certificate, None), ("", PlatformUnavailable)):
                given = Connection(server.url, {"secret_key": "k"}, ca_bundle=bundle)
                adapter = room("trueconf").open(given)
                if error is None:
                    assert adapter.check().sentence
                else:
                    with pytest.raises(error):
                        adapter.check()
                adapter.close()


class TestRights:
    FORBIDDEN = b'{"error": {"code": 403, "errors": [{"reason": "forbidden", "message": "No"}]}}'

    def test_a_right_that_is_missing_for_one_thing_does_not_pause_the_account(
        self, open_adapter: Open
    ) -> None:
        with pytest.raises(UnexpectedAnswer):
            answering(
                open_adapter,
                self.FORBIDDEN,
                lambda a: all_records(a, Kind.RECORDING, "webinar"),
                "403 Forbidden",
            )

    def test_a_change_without_the_right_is_refused(self, open_adapter: Open) -> None:
        with pytest.raises(RequestRejected):
            answering(open_adapter, self.FORBIDDEN, lambda a: a.create(draft()), "403 Forbidden")

    def test_test_of_the_connection_says_which_right_is_missing(
        self, side: Any, open_adapter: Open
    ) -> None:
        side.scopes = ("users",)
        with pytest.raises(CredentialsRejected, match="right to read conferences"):
            open_adapter(login="client_credentials").check()

    @pytest.mark.parametrize("body", [b"<html>no page</html>", b'{"error": {"errors": []}}'])
    def test_an_address_that_is_not_there_is_no_missing_record(
        self, body: bytes, open_adapter: Open
    ) -> None:
        for use in (
            lambda a: a.get(Kind.CONFERENCE, "webinar"),
            lambda a: a.get(Kind.ATTENDEE, "ann"),
        ):
            with pytest.raises(UnexpectedAnswer):
                answering(open_adapter, body, use, "404 Not Found")
        with pytest.raises(RequestRejected):
            answering(open_adapter, body, lambda a: a.delete(Kind.CONFERENCE, "w"), "404 Not Found")


class TestListing:
    @pytest.mark.parametrize("page_only", [False, True])
    def test_conferences_are_numbered_pages(
        self, page_only: bool, side: Any, open_adapter: Open
    ) -> None:
        side.counts_page_only = page_only
        for number in range(203):
            side.add_conference(f"Room {number}", permanent=True)
        pages = list(open_adapter().list_all(Kind.CONFERENCE))
        assert [len(page.records) for page in pages] == [200, 3]
        assert {page.total for page in pages} <= {None, 203}

    def test_v3_answers_all_at_once(self, side: Any, sandbox: Any, open_adapter: Open) -> None:
        for number in range(203):
            side.add_conference(f"Room {number}", permanent=True)
        assert len(all_records(open_adapter("v3"), Kind.CONFERENCE, None)) == 203
        (entry,) = sandbox.requests
        assert list(entry.query) == []

    def test_users_are_read_to_a_short_page(self, side: Any, open_adapter: Open) -> None:
        for number in range(1001):
            user(side, f"u{number}")
        pages = list(open_adapter().list_all(Kind.ATTENDEE))
        assert sum(len(page.records) for page in pages) == 1001, "all but the account's owner"
        assert {page.total for page in pages} == {None}

    def test_groups_follow_the_cursor_to_its_end(
        self, side: Any, sandbox: Any, open_adapter: Open
    ) -> None:
        for number in range(1003):
            side.add_group(f"Group {number:04}")
        pages = list(open_adapter().list_all(Kind.GROUP))
        assert [len(page.records) for page in pages] == [1000, 3]
        assert "page_id" not in dict(sandbox.requests[0].query)

    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            (Kind.GROUP, b'{"groups": [], "next_page_id": 7}'),
            (Kind.ATTENDEE, b'{"users": [{"id": "x"}], "next_page_id": -2}'),
            (Kind.GROUP, b'{"next_page_id": -1}'),
            (Kind.ATTENDEE, b'{"users": [' + b",".join([b'{"id": "x"}'] * 200) + b"]}"),
            (Kind.CONFERENCE, b'{"cnt": 0}'),
        ],
        ids=[
            "a cursor that stands still",
            "no page at all",
            "no list",
            "the same page",
            "a count",
        ],
    )
    def test_a_listing_that_is_not_surely_complete_is_an_error(
        self, kind: Kind, body: bytes, open_adapter: Open
    ) -> None:
        with pytest.raises(UnexpectedAnswer):
            answering(open_adapter, body, lambda a: all_records(a, kind, None), "200 OK")


class TestWeekly:
    def test_hour_on_the_servers_clock_is_kept_across_a_change_of_clocks(
        self, side: Any, open_adapter: Open
    ) -> None:
        adapter = open_adapter()
        record = made(
            adapter, starts_at="2027-07-05T07:00:00Z", **{"options.weekly_days": "monday"}
        )
        held = side.by_address("conferences", record.external_id)["schedule"]
        assert (held["days"], held["time"]) == (["monday"], "09:00")
        shown = datetime.fromisoformat(record.fields["starts_at"])
        assert side.local(int(shown.timestamp())).strftime("%A %H:%M") == "Monday 09:00"

        adapter.update(record, {"starts_at": "2027-12-06T08:00:00Z"})
        held = side.by_address("conferences", record.external_id)["schedule"]
        assert held["time"] == "09:00", "the same hour, one hour of UTC later"

    def test_changing_its_length_keeps_days_and_hour(self, side: Any, open_adapter: Open) -> None:
        row = side.add_conference("Stand-up", weekly=(["monday", "friday"], "10:15"))
        adapter = open_adapter(server_zone="")
        record = adapter.get(Kind.CONFERENCE, row["address"])
        assert record.fields["options.weekly_days"] == "monday, friday"
        changed = adapter.update(record, {"duration_minutes": 20})
        assert changed is not None
        assert changed.fields["starts_at"] == record.fields["starts_at"]
        held = side.conference(row["id"])["schedule"]
        assert (held["days"], held["time"]) == (["monday", "friday"], "10:15")

    def test_without_the_servers_zone_its_hour_cannot_be_set(self, open_adapter: Open) -> None:
        with pytest.raises(RequestRejected):
            made(open_adapter(server_zone=""), **{"options.weekly_days": "monday"})


class TestRunning:
    def running(self, side: Any) -> Any:
        row = side.add_conference("Live", invited=[user(side)["login_name"]])
        side.begin_call(row["id"], side.now() - 60)
        return row

    def test_only_its_description_can_be_changed(self, side: Any, open_adapter: Open) -> None:
        row, adapter = self.running(side), open_adapter()
        record = adapter.get(Kind.CONFERENCE, row["address"])
        assert record.facts["state"] == "running"
        changed = adapter.update(record, {"description": "Late"})
        assert changed is not None
        with pytest.raises(RequestRejected) as caught:
            adapter.update(record, {"title": "Late"})
        assert "title" in caught.value.field_errors
        assert "description alone" in str(caught.value)

    def test_before_v34_nothing_of_it(self, side: Any, open_adapter: Open) -> None:
        row, adapter = self.running(side), open_adapter("v3.3")
        record = adapter.get(Kind.CONFERENCE, row["address"])
        with pytest.raises(RequestRejected, match="nothing of it"):
            adapter.update(record, {"description": "Late"})

    def test_one_that_began_since_it_was_looked_at_is_refused_by_the_server(
        self, side: Any, open_adapter: Open
    ) -> None:
        row, adapter = side.add_conference("Soon"), open_adapter()
        record = adapter.get(Kind.CONFERENCE, row["address"])
        side.begin_call(row["id"], side.now() - 60)
        with pytest.raises(RequestRejected) as caught:
            adapter.update(record, {"title": "Late"})
        assert "title" in caught.value.field_errors
        with pytest.raises(RequestRejected):
            adapter.delete(Kind.CONFERENCE, row["address"])

    def test_starting_and_stopping_come_before_running_and_stopped(
        self, side: Any, open_adapter: Open
    ) -> None:
        row, adapter = side.add_conference("Soon"), open_adapter()
        assert adapter.perform("start", row["address"], {})["state"] == "starting"
        assert adapter.get(Kind.CONFERENCE, row["address"]).facts["state"] == "stopped"
        side.stops_at_once = False
        assert adapter.perform("stop", row["address"], {})["state"] == "stopping"
        adapter.delete(Kind.CONFERENCE, row["address"])

    def test_one_that_has_stopped_at_once_can_be_deleted(
        self, side: Any, open_adapter: Open
    ) -> None:
        row, adapter = self.running(side), open_adapter()
        assert adapter.perform("stop", row["address"], {})["state"] == "stopped"
        adapter.delete(Kind.CONFERENCE, row["address"])
        assert all_records(adapter, Kind.CONFERENCE, None) == []

    def test_kicked_is_the_uid_and_not_the_login(
        self, side: Any, sandbox: Any, open_adapter: Open
    ) -> None:
        row, adapter = self.running(side), open_adapter()
        side.join(side.running_call(row["id"])["id"], "ann", at=side.now() - 30)
        shown = adapter.perform("participants", row["address"], {})["rows"]
        ann = next(line for line in shown if line["name"] == "Ann")
        assert ann["id"].startswith(side.uid("ann"))
        adapter.perform("kick", row["address"], {"id": ann["id"]})
        left = adapter.perform("participants", row["address"], {})["rows"]
        assert ann["id"] not in {line["id"] for line in left}

    def test_who_is_in_it_before_v33(self, side: Any, open_adapter: Open) -> None:
        row = self.running(side)
        side.join(side.running_call(row["id"])["id"], "ann", at=side.now() - 30)
        shown = open_adapter("v3.2").perform("participants", row["address"], {})["rows"]
        assert "Ann" in {line["name"] for line in shown}

    def test_nobody_is_in_one_that_does_not_run(self, side: Any, open_adapter: Open) -> None:
        row, adapter = side.add_conference("Soon"), open_adapter()
        assert adapter.perform("participants", row["address"], {})["rows"] == []
        with pytest.raises(RequestRejected, match="not running"):
            adapter.perform("session_now", row["address"], {})

    def test_recording_is_accepted_without_a_body(self, side: Any, open_adapter: Open) -> None:
        row, adapter = self.running(side), open_adapter()
        for name in ("record_start", "record_pause", "record_stop"):
            assert adapter.perform(name, row["address"], {})["sentence"]
        side.recorder_works = False
        with pytest.raises((RequestRejected, OutcomeUnknown)):
            adapter.perform("record_start", row["address"], {})

    def test_html_is_no_acceptance(self, sandbox: Any, side: Any, open_adapter: Open) -> None:
        row, adapter = self.running(side), open_adapter()
        sandbox.faults.add("html", method="POST", count=1)
        with pytest.raises(OutcomeUnknown):
            adapter.perform("record_start", row["address"], {})


class TestPeople:
    def test_no_user_is_made_unless_the_account_says_so(
        self, side: Any, open_adapter: Open
    ) -> None:
        adapter = open_adapter()
        before = len(side.users())
        conference = made(adapter).external_id
        record = adapter.create(person(Kind.REGISTRATION, conference))
        assert record.facts["guest"] is True
        assert record.fields["email"] == "ann@example.com"
        assert len(side.users()) == before
        with pytest.raises(UnsupportedByPlatform):
            adapter.create(person(Kind.ATTENDEE, None))
        with pytest.raises(RequestRejected) as caught:
            adapter.create(person(Kind.MODERATOR, conference))
        assert "email" in caught.value.field_errors

    def test_a_user_is_invited_by_login(self, side: Any, open_adapter: Open) -> None:
        user(side)
        adapter = open_adapter()
        conference = made(adapter).external_id
        record = adapter.create(person(Kind.REGISTRATION, conference, "ANN@example.com"))
        assert record.external_id == f"{conference}/ann"
        assert record.parent_id == conference

    def test_invitation_whose_answer_was_lost_is_found_and_not_repeated(
        self, side: Any, sandbox: Any, open_adapter: Open
    ) -> None:
        user(side)
        adapter = open_adapter()
        conference = made(adapter).external_id
        sandbox.faults.add("cut_after", method="POST", count=1)
        with pytest.raises(OutcomeUnknown):
            adapter.create(person(Kind.REGISTRATION, conference))
        again = adapter.create(person(Kind.REGISTRATION, conference))
        assert [again.external_id] == [
            r.external_id for r in all_records(adapter, Kind.REGISTRATION, conference)
        ]

    def test_user_whose_answer_was_lost_is_found(
        self, side: Any, sandbox: Any, open_adapter: Open
    ) -> None:
        adapter = open_adapter(users="yes")
        sandbox.faults.add("cut_after", method="POST", count=1)
        with pytest.raises(OutcomeUnknown):
            adapter.create(person(Kind.ATTENDEE, None))
        again = adapter.create(person(Kind.ATTENDEE, None))
        assert again.fields["email"] == "ann@example.com"
        assert len(all_records(adapter, Kind.ATTENDEE, None)) == 1

    def test_filter_by_address_that_is_not_exact_finds_the_right_user(
        self, open_adapter: Open
    ) -> None:
        body = (
            b'{"users": [{"id": "joann", "email": "joann@example.com"},'
            b' {"id": "ann", "email": "ann@example.com"}]}'
        )
        found = answering(
            open_adapter, body, lambda a: a.context.user_with("ann@example.com"), "200"
        )
        assert found.value["id"] == "ann"

    def test_attendance_has_the_addresses_that_the_log_leaves_out(
        self, side: Any, sandbox: Any, open_adapter: Open
    ) -> None:
        user(side)
        row = side.add_conference("Past", invited=["ann"])
        began = sandbox.now() - timedelta(hours=2)
        call = side.start_session(row["id"], ["ann", "guest@example.com"], started_at=began)
        adapter = open_adapter()
        found = all_records(adapter, Kind.ATTENDANCE, f"{row['address']}/{call['address']}")
        emails = {r.fields["name"]: r.fields["email"] for r in found}
        assert emails["Ann"] == "ann@example.com"
        (session,) = all_records(adapter, Kind.SESSION, row["address"])
        assert datetime.fromisoformat(session.fields["starts_at"]) == began.astimezone(UTC).replace(
            microsecond=0
        )


class TestOwner:
    def test_another_owner_is_invited_and_nobody_is_thrown_out(
        self, side: Any, open_adapter: Open
    ) -> None:
        user(side)
        row = side.add_conference("Room", invited=["guest@example.com"])
        side.store.change(
            "invitations",
            side.invitation(row["id"], "guest@example.com")["id"],
            translator={"languages": ["en", "de"]},
        )
        adapter = open_adapter()
        record = adapter.get(Kind.CONFERENCE, row["address"])
        changed = adapter.update(record, {"options.owner": "ann"})
        assert changed is not None
        assert changed.fields["options.owner"] == "ann"
        kept = {one["who"]: one["translator"] for one in side.invitations(row["id"])}
        assert kept == {OWNER: None, "ann": None, "guest@example.com": {"languages": ["en", "de"]}}

    def test_moderator_takes_over_and_gives_back(self, side: Any, open_adapter: Open) -> None:
        user(side)
        adapter = open_adapter()
        conference = made(adapter).external_id or ""
        assert all_records(adapter, Kind.MODERATOR, conference) == []
        moderator = adapter.create(person(Kind.MODERATOR, conference))
        assert moderator.facts["join_url"]
        assert all_records(adapter, Kind.MODERATOR, conference) == [moderator]
        with pytest.raises(RequestRejected, match="owner"):
            adapter.delete(Kind.REGISTRATION, f"{conference}/ann")
        adapter.delete(Kind.MODERATOR, moderator.external_id or "")
        shown = adapter.get(Kind.CONFERENCE, conference)
        assert shown.fields["options.owner"] == OWNER
        adapter.delete(Kind.REGISTRATION, f"{conference}/ann")

    def test_unknown_owner_is_the_fields_fault_and_not_a_missing_conference(
        self, open_adapter: Open
    ) -> None:
        adapter = open_adapter()
        with pytest.raises(RequestRejected) as caught:
            made(adapter, **{"options.owner": "nobody"})
        assert "options.owner" in caught.value.field_errors
        record = made(adapter)
        with pytest.raises(RequestRejected) as caught:
            adapter.update(record, {"options.owner": "nobody"})
        assert "options.owner" in caught.value.field_errors

    def test_without_an_owner_of_the_account_a_moderator_cannot_be_taken_off(
        self, open_adapter: Open
    ) -> None:
        can = open_adapter(owner="").capabilities
        assert not can.kind(Kind.MODERATOR).delete.offered
        assert can.kind(Kind.CONFERENCE).fields["options.owner"].required


class TestWhatIsNotOurs:
    def test_pin_that_only_the_owner_sees_survives_other_edits(
        self, side: Any, open_adapter: Open
    ) -> None:
        row = side.add_conference("Room", pin="4711")
        adapter = open_adapter()
        record = adapter.get(Kind.CONFERENCE, row["address"])
        assert record.fields["access"] == "password"
        adapter.update(record, {"title": "Renamed", "registration_enabled": True})
        assert side.conference(row["id"])["pin"] == "4711"

    def test_rights_and_registration_are_read_before_they_are_sent(
        self, side: Any, open_adapter: Open
    ) -> None:
        row = side.add_conference("Room", registration={"allow_users_access": True})
        adapter = open_adapter()
        record = adapter.get(Kind.CONFERENCE, row["address"])
        before = side.conference(row["id"])["rights"]
        adapter.update(record, {"registration_enabled": True, "options.guests_write": False})
        now = side.conference(row["id"])
        assert now["registration"]["enabled"] is True
        assert now["registration"]["allow_users_access"] is True
        assert now["rights"]["guest"] == before["guest"] | {"chat_send": False}
        assert now["rights"]["user"] == before["user"]

    def test_another_conference_is_not_the_one_asked_for(self, open_adapter: Open) -> None:
        body = b'{"conference": {"id": "other", "topic": "x"}}'
        with pytest.raises(UnexpectedAnswer):
            answering(open_adapter, body, lambda a: a.get(Kind.CONFERENCE, "webinar"), "200 OK")

    def test_reading_before_a_change_leaves_nothing_uncertain(self, open_adapter: Open) -> None:
        with pytest.raises(UnexpectedAnswer):
            answering(
                open_adapter, b"[]", lambda a: a.create(person(Kind.MODERATOR, "w")), "200 OK"
            )

    def test_templates_hold_neither_date_nor_people_nor_pin(
        self, side: Any, open_adapter: Open
    ) -> None:
        row = side.add_conference("Room", pin="4711", invited=["guest@example.com"])
        open_adapter().perform("save_as_template", row["address"], {"name": "Usual"})
        (template,) = side.store.rows("templates")
        assert template["object"]["schedule"] == {"type": -1}
        assert "4711" not in str(template)
        assert "guest@example.com" not in str(template)

    def test_keys_of_presets_are_shown_to_nobody(self, side: Any, open_adapter: Open) -> None:
        side.add_preset("Tube", "youtube", {"stream_url": "rtmp://x", "stream_key": "secret-key"})
        adapter = open_adapter()
        (row,) = adapter.perform("presets", "", {})["rows"]
        details = adapter.perform("preset_details", "", {"id": row["id"]})
        assert "secret-key" not in f"{row} {details}"

    def test_recording_is_streamed(self, side: Any, open_adapter: Open) -> None:
        row = side.add_conference("Room")
        recording = side.add_recording(row["id"], seconds=60)
        adapter = open_adapter(login="client_credentials")
        all_records(adapter, Kind.CONFERENCE, None)
        side.expire_tokens()
        found = adapter.download("download_recording", f"{row['address']}/{recording['name']}", {})
        assert found.name == recording["name"]
        assert found.content_type.startswith("video/")
        assert b"".join(found.chunks)


class TestDeletions:
    @pytest.mark.parametrize(
        "body", [b"{}", b'{"id": "other"}', b"[]", b'"no"', b'"404 Not Found"']
    )
    def test_one_that_is_not_confirmed_is_uncertain(self, body: bytes, open_adapter: Open) -> None:
        with pytest.raises(OutcomeUnknown):
            answering(open_adapter, body, lambda a: a.delete(Kind.CONFERENCE, "w"), "200 OK")

    @pytest.mark.parametrize(
        "body", [b'"200 OK"', b'"OK"', b'{"id": "w"}', b'{"conference": {"id": "w"}}']
    )
    def test_one_that_is_confirmed_is_done(self, body: bytes, open_adapter: Open) -> None:
        answering(open_adapter, body, lambda a: a.delete(Kind.CONFERENCE, "w"), "200 OK")
        answering(open_adapter, b"", lambda a: a.delete(Kind.CONFERENCE, "w"), "204 No Content")

    @pytest.mark.parametrize("style", ["object", "nothing", "text"])
    def test_each_kind_is_believed_however_it_is_confirmed(
        self, style: str, side: Any, open_adapter: Open
    ) -> None:
        side.deletions = style
        user(side)
        adapter = open_adapter(users="yes")
        conference = made(adapter).external_id or ""
        group = adapter.create(Draft(Kind.GROUP, {"name": "Tour"})).external_id or ""
        for kind, parent in ((Kind.MEMBERSHIP, group), (Kind.REGISTRATION, conference)):
            adapter.delete(kind, adapter.create(person(kind, parent)).external_id or "", parent)
            assert all_records(adapter, kind, parent) == []
        for kind, one in (
            (Kind.GROUP, group),
            (Kind.CONFERENCE, conference),
            (Kind.ATTENDEE, "ann"),
        ):
            adapter.delete(kind, one)
            assert all_records(adapter, kind, None) == []
        boss = side.add_user("boss")
        contact = side.add_contact(boss["id"], "x@example.org", "X")
        preset = side.add_preset("P", "manualPull", {})["address"]
        template = side.add_template("T", {"topic": "x"})["address"]
        for action, of, one in (
            ("remove_contact", "boss", contact["contact"]),
            ("delete_preset", "", preset),
            ("delete_template", "", template),
            ("delete_avatar", "boss", ""),
        ):
            assert adapter.perform(action, of, {"id": one})["sentence"]
        row = side.add_conference("Live", invited=["boss"])
        call = side.begin_call(row["id"], side.now() - 60)
        side.join(call["id"], "boss", at=side.now() - 30)
        for action in ("podium_remove", "kick"):
            there = {"id": side.uid("boss")}
            assert adapter.perform(action, row["address"], there)["sentence"]

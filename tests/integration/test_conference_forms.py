"""The schedule form: it follows the account, reads any clock, and chokes on nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict

from portal.common import clock as portal_clock
from portal.conferences.audience.forms.moderator import ModeratorForm, ModeratorRows
from portal.conferences.models import Conference
from portal.conferences.schedule import queries
from portal.conferences.schedule.forms.conference import ConferenceForm
from portal.conferences.schedule.forms.filters import ListFilters
from tests.factories import AccountFactory, ConferenceFactory
from tests.factories.rooms import ROLES, furnish

pytestmark = pytest.mark.django_db
YEAR = portal_clock.now().year + 1


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def plenty():
    return AccountFactory(label="Plenty", platform="plenty")


def typed(on, **changes):
    values = {
        "account": on.pk,
        "title": "A title",
        "room_type": "webinar",
        "access": "open",
        "timezone": "Europe/Berlin",
        "date": f"{YEAR}-11-30",
        "time": "14:30",
        "duration_minutes": "45",
    }
    return {key: str(value) for key, value in (values | changes).items() if value is not None}


def form_of(on, conference=None, draft=False, **changes):
    return ConferenceForm(
        typed(on, **changes),
        account=on,
        accounts=queries.accounts(),
        conference=conference,
        draft=draft,
    )


def last_sunday(year, month):
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def test_what_was_typed_becomes_canonical(plenty):
    form = form_of(plenty, option_lobby="on", option_seats="20", option_skin="2")
    assert form.is_valid(), form.errors
    assert form.values["starts_at"] == datetime(YEAR, 11, 30, 13, 30, tzinfo=UTC)
    assert form.values["options.lobby"] is True
    assert form.values["options.seats"] == 20
    assert "options.thanks" not in form.values  # left to the platform
    assert "password" not in form.values


def test_a_left_out_hour_names_the_next_that_exists(plenty):
    day = last_sunday(YEAR, 3)
    form = form_of(plenty, date=f"{day:%Y-%m-%d}", time="02:30")
    assert not form.is_valid()
    assert "03:00" in form.errors["time"][0]
    assert "left out" in form.errors["time"][0]


def test_a_doubled_hour_is_asked_about_and_shows_both_offsets(plenty):
    day = f"{last_sunday(YEAR, 10):%Y-%m-%d}"
    form = form_of(plenty, date=day, time="02:30")
    assert list(form.errors) == ["fold"]
    labels = [label for _, label in form.fields["fold"].choices]
    assert "UTC+02:00" in labels[0]
    assert "UTC+01:00" in labels[1]
    first = form_of(plenty, date=day, time="02:30", fold="first")
    second = form_of(plenty, date=day, time="02:30", fold="second")
    assert first.is_valid()
    assert second.is_valid()
    assert second.values["starts_at"] - first.values["starts_at"] == timedelta(hours=1)


def test_saving_untouched_changes_not_even_the_seconds(plenty):
    start = datetime(YEAR, 10, 1, 9, 15, 42, tzinfo=UTC)
    held = ConferenceFactory(account=plenty, starts_at=start)
    form = form_of(plenty, held, date=f"{YEAR}-10-01", time="11:15")
    assert form.is_valid()
    assert form.values["starts_at"] == start


def test_fields_follow_the_account():
    narrow = AccountFactory(platform="narrow")
    form = ConferenceForm(account=narrow, accounts=queries.accounts())
    for name in ("access", "password", "permanent", "registration_enabled", "room_type"):
        assert form.fields[name].disabled
        assert form.fields[name].help_text == "Narrow has no such setting."
    assert not form.fields["description"].disabled
    assert "Kept in Lectern" in form.fields["description"].help_text
    assert form.duration_note == "The length may be a number from 15 to 90."


def test_what_is_fixed_later_is_off_with_its_reason(plenty):
    held = ConferenceFactory(account=plenty)
    form = form_of(plenty, held, room_type="meeting")
    assert form.fields["room_type"].disabled
    assert "does not change this" in form.fields["room_type"].help_text
    assert form.is_valid()
    assert "room_type" not in form.values


def test_what_the_other_account_has_no_place_for_is_carried_along(plenty):
    narrow = AccountFactory(platform="narrow")
    words = typed(narrow, password="secret words", option_lobby="on", access="password")
    form = ConferenceForm(account=narrow, accounts=queries.accounts(), typed=words)
    carried = dict(form.kept_values(words))
    assert carried["password"] == "secret words"
    assert carried["option_lobby"] == "on"
    back = ConferenceForm(account=plenty, accounts=queries.accounts(), typed=words | carried)
    assert back["password"].value() == "secret words"
    assert back["option_lobby"].value() == "on"


def test_a_permanent_room_has_no_time(plenty):
    form = form_of(plenty, permanent="on", date="", time="", duration_minutes="")
    assert form.is_valid(), form.errors
    assert form.values["starts_at"] is None
    assert form.values["duration_minutes"] is None


def test_a_draft_may_lack_its_time_but_not_half_of_it(plenty):
    assert form_of(plenty, draft=True, date="", time="", duration_minutes="").is_valid()
    assert "time" in form_of(plenty, draft=True, time="").errors
    assert "date" in form_of(plenty, draft=True, date="").errors


NASTY = [
    ("title", "", "title"),
    ("title", "   ", "title"),
    ("title", "\x00", "title"),
    ("title", "a\x00b", "title"),
    ("title", "x" * 501, "title"),
    ("title", "x" * 300, None),
    ("title", "<script>alert(1)</script>", None),
    ("title", "\u202eevil", None),
    ("title", "\U0001f389" * 50, None),
    ("title", "=HYPERLINK(1)", None),
    ("title", "two\nlines", None),
    ("description", "x" * 161, "description"),
    ("description", "\x00", "description"),
    ("date", "2026-02-30", "date"),
    ("date", "0001-01-01", "date"),
    ("date", "9999-12-31", "date"),
    ("date", "tomorrow", "date"),
    ("date", "\u0661\u0662", "date"),
    ("time", "25:00", "time"),
    ("time", "noon", "time"),
    ("time", "-1:00", "time"),
    ("duration_minutes", "-5", "duration_minutes"),
    ("duration_minutes", "0", "duration_minutes"),
    ("duration_minutes", "4", "duration_minutes"),
    ("duration_minutes", "99999999999999999999", "duration_minutes"),
    ("duration_minutes", "1e3", "duration_minutes"),
    ("duration_minutes", "NaN", "duration_minutes"),
    ("timezone", "Mars/Olympus", "timezone"),
    ("timezone", "../../etc/passwd", "timezone"),
    ("timezone", "", "timezone"),
    ("room_type", "castle", "room_type"),
    ("access", "everyone", "access"),
    ("option_seats", "1", "option_seats"),
    ("option_seats", "many", "option_seats"),
    ("option_seats", "9" * 40, "option_seats"),
    ("option_thanks", "x" * 81, "option_thanks"),
    ("option_skin", "9", "option_skin"),
    ("option_lobby", "perhaps", "option_lobby"),
    ("account", "999999", "account"),
    ("account", "one", "account"),
    ("uid", "not-a-uuid", None),  # nobody typed it, so nobody could mend it: it counts as nothing
    ("version", "-1", None),
    ("fold", "third", "fold"),
    ("option_unknown", "1", None),
]


@pytest.mark.parametrize(("field", "value", "wrong"), NASTY)
def test_nasty_input_is_refused_beside_its_field_or_taken_whole(plenty, field, value, wrong):
    form = form_of(plenty, **{field: value})
    assert form.is_valid() == (wrong is None), form.errors
    if wrong is not None:
        assert wrong in form.errors
        assert form[field].value() == value  # what was typed is still there


def test_a_title_is_one_line(plenty):
    form = form_of(plenty, title=" two \n lines ")
    assert form.is_valid()
    assert form.values["title"] == "two lines"


@pytest.mark.parametrize("count", ["", "x", "-3", "999999999999", "\u0663", "0"])
def test_a_row_count_from_elsewhere_does_no_harm(count):
    rows = ModeratorRows(ROLES, QueryDict(f"moderators-count={count}"), checked=True)
    assert len(rows.forms) <= 30
    assert rows.is_valid()
    assert rows.people == []


def test_moderator_rows_are_read_and_doubles_found():
    data = {
        "moderators-count": "3",
        "moderators-0-name": "Ada",
        "moderators-0-email": "ada@example.com",
        "moderators-0-role": "host",
        "moderators-1-name": "Ada again",
        "moderators-1-email": "ADA@example.com",
        "moderators-1-role": "host",
    }
    rows = ModeratorRows(ROLES, data, checked=True)
    assert not rows.is_valid()
    assert "email" in rows.forms[1].errors
    assert not rows.forms[2].errors
    half = ModeratorRows(ROLES, {"moderators-count": "1", "moderators-0-name": "Ada"}, checked=True)
    assert not half.is_valid()
    assert "email" in half.forms[0].errors


def test_a_moderator_alone_needs_everything():
    form = ModeratorForm({"name": "", "email": "no", "role": "king"}, roles=ROLES)
    assert set(form.errors) == {"name", "email", "role"}


@pytest.mark.parametrize(
    "query",
    [
        "account=x&state=y&sync=z&range=w&since=q&until=r&sort=%27--&page=-1",
        "since=0001-01-01&until=9999-12-31",
        "account=99999999999999999999",
        "q=" + "x" * 5000,
        "state=live&state=draft",
        "sort=-",
        "sort=__class__",
    ],
)
def test_filters_leave_out_what_they_cannot_read(query):
    chosen = ListFilters(QueryDict(query), []).chosen
    assert list(queries.listing(chosen)) == []
    assert queries.spans(queries.listing(chosen, span=False))["all"] == 0


def states_world(account):
    now = portal_clock.now()
    hour = timedelta(hours=1)
    return {
        "draft": ConferenceFactory(account=account, draft=True, starts_at=now - 9 * hour),
        "scheduled": ConferenceFactory(account=account, starts_at=now + hour),
        "permanent": ConferenceFactory(
            account=account, starts_at=None, duration_minutes=None, permanent=True
        ),
        "live": ConferenceFactory(account=account, starts_at=now - hour / 2),
        "ended": ConferenceFactory(account=account, starts_at=now - 3 * hour),
        "cancelled": ConferenceFactory(account=account, starts_at=now + hour, removed_at=now),
        "was": ConferenceFactory(account=account, starts_at=now - 3 * hour, removed_at=now),
    }


def test_the_database_and_the_row_agree_about_the_state(plenty):
    world = states_world(plenty)
    for state in Conference.State.values:
        found = set(queries.listing({"state": state, "range": "all"}))
        assert found == {row for row in world.values() if row.state == state}, state


def test_every_row_is_ahead_or_past(plenty):
    world = states_world(plenty)
    ahead = set(queries.listing({"state": "any"}))
    past = set(queries.listing({"state": "any", "range": "past"}))
    assert ahead & past == set()
    assert ahead | past == set(world.values())
    assert past == {world["ended"], world["was"]}
    every = queries.listing({"state": "any"}, span=False)
    assert queries.spans(every) == {"upcoming": 5, "past": 2, "all": 7}


def test_search_looks_at_title_description_and_moderators(plenty):
    by_title = ConferenceFactory(account=plenty, title="Gardening")
    by_words = ConferenceFactory(account=plenty, description="About gardens")
    by_person = ConferenceFactory(account=plenty)
    by_person.moderators.create(email="garden@example.com", name="Gus")
    ConferenceFactory(account=plenty, title="Other")
    assert set(queries.listing({"q": "garden"})) == {by_title, by_words, by_person}

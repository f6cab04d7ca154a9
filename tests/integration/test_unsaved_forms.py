"""What somebody types into a schedule form is kept until it is saved: for them alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.html import escape

from portal.common import clock
from portal.conferences import tasks
from portal.conferences.models import Conference, UnsavedForm
from portal.conferences.schedule.services import unsaved
from portal.identity import roles
from tests.factories import AccountFactory, ConferenceFactory, SeriesFactory, UserFactory
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
YEAR = clock.now().year + 1
BEGUN = "You had begun a webinar and not saved it"


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def plenty():
    return AccountFactory(label="Plenty", platform="plenty")


@pytest.fixture
def someone(client_as):
    return client_as(roles.STAFF)


def typed(account, **changes):
    values = {
        "uid": uuid4(),
        "account": account.pk,
        "shown": account.pk,
        "title": "Tea & <talk>",
        "room_type": "webinar",
        "access": "password",
        "timezone": "Europe/Berlin",
        "date": f"{YEAR}-11-30",
        "time": "14:30",
        "duration_minutes": "45",
        "moderators-count": "2",
        "moderators-0-name": "Ada",
        "moderators-0-email": "ada@example.org",
        "moderators-0-role": "host",
        "option_seats": "20",
    }
    return {key: str(value) for key, value in (values | changes).items()}


def content(answer):
    return answer.content.decode()


def test_what_is_typed_is_offered_and_gone_on_with(someone, url, plenty):
    AccountFactory(label="Another", platform="narrow")
    data = typed(plenty, password="room-secret-77", description="Line 1\r\nLine 2")
    answer = someone.post(url("schedule-keep"), data)
    assert answer.status_code == 200
    assert "Kept at" in content(answer)
    page = content(someone.get(url("schedule")))
    assert BEGUN in page
    assert escape("Tea & <talk>") in page
    assert 'value="Ada"' not in page
    page = content(someone.get(url("schedule"), {"begun": data["uid"]}))
    assert BEGUN not in page
    for value in ("Ada", "ada@example.org", "20", f"{YEAR}-11-30", "14:30", data["uid"]):
        assert f'value="{value}"' in page
    assert f'<option value="{plenty.pk}" selected' in page
    assert 'name="moderators-1-name"' in page
    assert "Line 2" in page
    assert "room-secret-77" not in page


def test_passwords_are_not_kept_and_the_rest_is_encrypted(someone, url, plenty):
    someone.post(url("schedule-keep"), typed(plenty, password="room-secret-77"))
    row = UnsavedForm.objects.get()
    assert "password" not in dict(unsaved.pairs_of(row))
    with connection.cursor() as cursor:
        cursor.execute("SELECT fields FROM conferences_unsavedform")
        (stored,) = cursor.fetchone()
    assert "ada@example.org" not in stored


def test_the_last_state_is_kept_once_for_each_form(someone, url, plenty):
    data = typed(plenty)
    for title in ("T", "Ti", "Title"):
        someone.post(url("schedule-keep"), data | {"title": title})
    assert UnsavedForm.objects.get().called == "Title"
    someone.post(url("schedule-keep"), typed(plenty, title="Beside it"))
    assert {row.called for row in unsaved.of(someone.user)} == {"Title", "Beside it"}


def test_nothing_is_kept_once_it_is_saved(someone, url, plenty):
    data = typed(plenty, access="open", **{"moderators-count": "0"})
    someone.post(url("schedule-keep"), data)
    assert someone.post(url("schedule"), data | {"schedule": "yes"}).status_code == 302
    assert Conference.objects.count() == 1
    assert not UnsavedForm.objects.exists()
    # A message that was under way meanwhile does not bring it back.
    assert someone.post(url("schedule-keep"), data).status_code == 204
    assert not UnsavedForm.objects.exists()


def test_a_late_message_does_not_bring_a_series_back(staff_user):
    uid = uuid4()
    SeriesFactory(uid=f"{uid}@lectern")
    assert unsaved.keep(staff_user, [("uid", str(uid)), ("title", "Tea")]) is None


def test_what_was_sent_and_must_be_mended_is_kept_without_script(someone, url, plenty):
    data = typed(plenty, duration_minutes="1")
    assert someone.post(url("schedule"), data | {"schedule": "yes"}).status_code == 422
    assert UnsavedForm.objects.get().called == "Tea & <talk>"


def test_what_waits_for_an_answer_about_mails_is_kept(someone, url, plenty):
    data = typed(plenty, access="open") | {"schedule": "yes"}
    answer = someone.post(url("schedule"), data)
    assert answer.status_code == 200  # who hears of it is asked first
    assert not Conference.objects.exists()
    assert UnsavedForm.objects.count() == 1
    assert someone.post(url("schedule"), data | {"asked": "yes", "tell": "no"}).status_code == 302
    assert not UnsavedForm.objects.exists()


def test_an_edit_is_kept_by_itself_and_what_was_saved_since_is_not_overwritten(
    someone, url, plenty
):
    held = ConferenceFactory(account=plenty, title="Held", version=3)
    data = typed(plenty, title="Mine", version="3", access="open")
    someone.post(url("edit-keep", held.pk), data)
    assert BEGUN not in content(someone.get(url("schedule")))
    page = content(someone.get(url("conference-edit", held.pk)))
    assert "You had begun to change this webinar" in page
    Conference.objects.filter(pk=held.pk).update(version=4)
    page = content(someone.get(url("conference-edit", held.pk), {"begun": data["uid"]}))
    assert 'value="Mine"' in page
    assert '<input type="hidden" name="version" value="3"' in page
    answer = someone.post(url("conference-edit", held.pk), data | {"save": "yes"})
    assert answer.status_code == 422
    held.refresh_from_db()
    assert held.title == "Held"


def test_it_is_nobody_elses(someone, client_as, url, plenty):
    data = typed(plenty)
    someone.post(url("schedule-keep"), data)
    other = client_as(roles.STAFF)
    other.force_login(UserFactory())
    assert BEGUN not in content(other.get(url("schedule")))
    assert 'value="Ada"' not in content(other.get(url("schedule"), {"begun": data["uid"]}))
    other.post(url("schedule-discard", data["uid"]))
    assert UnsavedForm.objects.count() == 1


def test_it_is_discarded_by_a_button(someone, url, plenty):
    data = typed(plenty)
    someone.post(url("schedule-keep"), data)
    page = content(someone.post(url("schedule-discard", data["uid"]), follow=True))
    assert "is discarded" in page
    assert not UnsavedForm.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"uid": "nonsense"},
        {"uid": ""},
        {"title": " ", "date": "", "time": "", "moderators-0-name": "", "moderators-0-email": ""},
    ],
)
def test_nothing_is_not_kept(someone, url, plenty, changes):
    assert someone.post(url("schedule-keep"), typed(plenty, **changes)).status_code == 204
    assert not UnsavedForm.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"description": "x" * (unsaved.MOST_CHARACTERS + 1)},
        {f"field-{n}": "" for n in range(unsaved.MOST_FIELDS + 1)},
    ],
)
def test_too_much_is_said_and_what_was_kept_stays(someone, url, plenty, changes):
    data = typed(plenty)
    someone.post(url("schedule-keep"), data)
    answer = someone.post(url("schedule-keep"), data | changes)
    assert answer.status_code == 413
    assert "too much text" in content(answer)
    assert someone.post(url("schedule"), data | changes | {"time": ""}).status_code == 422
    assert UnsavedForm.objects.get().called == "Tea & <talk>"


def test_control_characters_and_long_titles_are_kept_as_typed(staff_user):
    uid = str(uuid4())
    row = unsaved.keep(staff_user, [("uid", uid), ("title", "a\x00b" + "x" * 900)])
    found = unsaved.find(staff_user, uid)
    assert row == found
    assert "\x00" not in found.called
    assert len(found.called) <= 200
    assert dict(unsaved.pairs_of(found))["title"] == "a\x00b" + "x" * 900


def test_old_ones_and_many_go(staff_user):
    for number in range(unsaved.MOST + 3):
        unsaved.keep(staff_user, [("uid", str(uuid4())), ("title", f"No. {number}")])
    assert UnsavedForm.objects.count() == unsaved.MOST
    assert len(unsaved.of(staff_user)) == unsaved.OFFERED
    last = UnsavedForm.objects.first()
    old = clock.now() - unsaved.KEPT - timedelta(minutes=1)
    UnsavedForm.objects.exclude(pk=last.pk).update(kept_at=old)
    assert [row.pk for row in unsaved.of(staff_user)] == [last.pk]
    tasks.prune()
    assert UnsavedForm.objects.get() == last


def test_who_may_only_look_keeps_nothing(client_as, url, plenty):
    assert client_as(roles.VIEWER).post(url("schedule-keep"), typed(plenty)).status_code == 403
    assert not UnsavedForm.objects.exists()

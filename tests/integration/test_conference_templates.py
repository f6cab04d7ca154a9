"""Templates of webinars: saved from one, and what a new one takes over from it."""

import pytest
from django.utils.html import escape

from portal.common import clock
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences.models import Change, Conference, ConferenceTemplate
from portal.conferences.schedule.services import templates
from portal.identity import roles
from tests.factories import AccountFactory, ConferenceFactory, ModeratorFactory, RegistrationFactory
from tests.factories.rooms import furnish

pytestmark = pytest.mark.django_db
YEAR = clock.now().year + 1


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    furnish(monkeypatch)


@pytest.fixture
def plenty():
    return AccountFactory(label="Plenty", platform="plenty")


@pytest.fixture
def held(plenty):
    row = ConferenceFactory(
        account=plenty,
        title="Tea & talk",
        description="With biscuits",
        timezone="Europe/Berlin",
        starts_at=clock.now().replace(year=YEAR, month=1, day=15, hour=9, minute=30, second=0),
        duration_minutes=75,
        access="password",
        password="room-secret-77",
        registration_enabled=True,
        options={"lobby": True, "seats": 20, "thanks": None},
    )
    ModeratorFactory(conference=row, name="Ada", email="ada@example.org", role="host")
    RegistrationFactory(conference=row)
    return row


@pytest.fixture
def template(held, staff_user):
    return templates.save_as(held, "Monthly tea", held.account, staff_user)


@pytest.fixture
def someone(client_as):
    return client_as(roles.STAFF)


def content(answer):
    return answer.content.decode()


def assert_filled(page):
    for value in ("10:30", "75", "20", "Ada", "ada@example.org"):
        assert f'value="{value}"' in page, value
    assert "With biscuits" in page
    assert '<option value="on" selected>Yes</option>' in page
    assert "room-secret-77" not in page
    assert "Not taken over: the date, the password" in page


def test_a_webinar_is_saved_and_scheduled_from(someone, url, held, plenty):
    page = content(someone.get(url("template-save", held.pk)))
    assert "Taken over: title" in page
    assert "Not taken over: the date" in page
    data = {"name": " Monthly  tea ", "account": plenty.pk}
    page = content(someone.post(url("template-save", held.pk), data, follow=True))
    assert "Saved as the template Monthly tea." in page
    made = ConferenceTemplate.objects.get()
    assert "room-secret-77" not in str(made.values)
    assert Change.objects.get(kind="template").action == "created"
    assert "Monthly tea" in content(someone.get(url("templates")))
    page = content(someone.get(url("schedule"), {"template": made.pk}))
    assert_filled(page)
    assert f'value="{escape("Tea & talk")}"' in page
    assert f'<option value="{plenty.pk}" selected' in page


def test_the_button_fills_the_form_and_leaves_title_and_date(someone, url, template, plenty):
    AccountFactory(label="Another", platform="plenty")
    data = {
        "template": template.pk,
        "fill": "yes",
        "title": "Spring tea",
        "date": f"{YEAR}-04-16",
        "permanent": "on",
        "account": plenty.pk,
        "shown": plenty.pk,
    }
    page = content(someone.post(url("schedule"), data))
    assert_filled(page)
    assert 'value="Spring tea"' in page
    assert f'value="{YEAR}-04-16"' in page
    assert 'id="id_permanent" checked' not in page
    part = content(someone.post(url("schedule"), data, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert_filled(part)
    assert Conference.objects.count() == 1


def test_a_template_for_any_account_fits_what_its_platform_has(someone, url, held, staff_user):
    narrow = AccountFactory(label="Narrow", platform="narrow")
    made = templates.save_as(held, "For all", None, staff_user)
    page = content(someone.get(url("schedule"), {"template": made.pk, "account": narrow.pk}))
    assert f'<option value="{narrow.pk}" selected' in page
    assert f'value="{escape("Tea & talk")}"' in page
    assert 'type="hidden" name="option_seats" value="20"' in page


@pytest.mark.parametrize("key", ["", "0", "99999", "x", "9" * 40, "１", "-1"])
def test_a_template_that_is_not_there_is_no_template(someone, url, plenty, key):
    page = content(someone.get(url("schedule"), {"template": key}))
    assert "Filled in" not in page


def test_names_are_each_given_once(held, template, staff_user):
    for name in ("monthly TEA", "Monthly  tea"):
        with pytest.raises(NotPossible, match="of this name already"):
            templates.save_as(held, name, None, staff_user)
    other = templates.save_as(held, "Another", None, staff_user)
    with pytest.raises(NotPossible, match="of this name already"):
        templates.change(other, "Monthly tea", None, staff_user)
    other.refresh_from_db()
    assert other.name == "Another"


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\x00b"])
def test_a_name_that_is_none_is_said_beside_it(someone, url, held, name):
    answer = someone.post(url("template-save", held.pk), {"name": name})
    assert answer.status_code == 422
    assert "field-error" in content(answer)
    assert not ConferenceTemplate.objects.exists()


def test_it_is_renamed_and_deleted_and_its_webinars_stay(someone, url, template, held):
    answer = someone.post(url("template-rename", template.pk), {"name": "Yearly tea"})
    assert answer.status_code == 302
    template.refresh_from_db()
    assert (template.name, template.account) == ("Yearly tea", None)
    page = content(someone.get(url("template-delete", template.pk)))
    assert "stay as they are" in page
    assert ConferenceTemplate.objects.exists()
    someone.post(url("template-delete", template.pk))
    assert not ConferenceTemplate.objects.exists()
    assert Conference.objects.filter(pk=held.pk).exists()
    with pytest.raises(NotPossible, match="deleted meanwhile"):
        templates.delete(template, None)


def test_there_are_never_too_many(monkeypatch, held, template, staff_user):
    monkeypatch.setattr(templates, "MOST", 1)
    with pytest.raises(NotPossible, match="Delete one that is no longer of use"):
        templates.save_as(held, "One more", None, staff_user)


def test_who_may_only_look_changes_none(client_as, viewer_user, url, template, held):
    client = client_as(roles.VIEWER)
    page = content(client.get(url("templates")))
    assert "Monthly tea" in page
    assert "Delete" not in page.split("</main>")[0].split("<main")[1]
    assert client.post(url("template-delete", template.pk)).status_code == 403
    for act in (
        lambda: templates.save_as(held, "Mine", None, viewer_user),
        lambda: templates.change(template, "Mine", None, viewer_user),
        lambda: templates.delete(template, viewer_user),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_account_that_goes_leaves_the_template(template, held):
    Conference.objects.all().delete()
    held.account.delete()
    template.refresh_from_db()
    assert template.account is None


def test_without_any_the_page_says_how_to_make_one(someone, url):
    page = content(someone.get(url("templates")))
    assert "No templates yet" in page
    assert "Schedule from a template" not in content(someone.get(url("schedule")))


def test_a_duplicate_says_what_was_not_copied(someone, url, held):
    page = content(someone.post(url("conference-duplicate", held.pk), follow=True))
    assert "Copied: the title, description, access, password, settings, moderators." in page
    assert "Not copied: the date, people who were invited" in page
    made = Conference.objects.exclude(pk=held.pk).get()
    assert (made.password, made.starts_at) == ("room-secret-77", None)
    assert made.moderators.count() == 1
    assert not made.registrations.exists()


@pytest.mark.parametrize(
    ("reminders", "said"),
    [
        ([{"minutes": 60, "segment": "registered", "note": ""}] * 2, "with 2 reminders"),
        ([{"minutes": 60, "segment": "registered", "note": ""}], "with 1 reminder"),
        ([], "without reminders"),
        (None, ""),
    ],
)
def test_the_list_says_what_reminders_come_with_it(template, client_as, url, reminders, said):
    ConferenceTemplate.objects.filter(pk=template.pk).update(reminders=reminders)
    page = " ".join(client_as(roles.STAFF).get(url("templates")).content.decode().split())
    assert said in page
    assert ("reminder" in page.partition("Monthly tea")[2].partition("</li>")[0]) == bool(said)


def test_a_duplicate_names_nothing_that_there_is_not(someone, url, plenty):
    bare = ConferenceFactory(account=plenty, access="password", password="", options={})
    page = content(someone.post(url("conference-duplicate", bare.pk), follow=True))
    assert "Copied: the title, access. Its password is not known here" in page
    once = ConferenceFactory(account=AccountFactory(platform="myownconference"), options={})
    page = content(someone.post(url("conference-duplicate", once.pk), follow=True))
    assert "Copied: the title. Not copied:" in page

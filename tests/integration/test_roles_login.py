"""Three roles made by a migration; what each is let into; logging in, and being kept out."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from portal.identity import roles
from tests.factories import UserFactory
from tests.profiles import NIGHTLY

pytestmark = pytest.mark.django_db
NAMES = {roles.VIEWER, roles.STAFF, roles.ADMINISTRATOR}


def permissions(name):
    found = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{one.content_type.app_label}.{one.codename}" for one in found}


def test_the_migration_makes_three_groups_each_including_the_one_below():
    assert {group.name for group in Group.objects.all()} == NAMES
    viewer, staff, boss = (permissions(n) for n in (roles.VIEWER, roles.STAFF, roles.ADMINISTRATOR))
    assert viewer < staff < boss
    assert all(".view_" in one for one in viewer)
    assert "conferences.change_conference" in staff
    assert "conferences.delete_registration" in staff
    assert not any("account" in one and ".view_" not in one for one in staff)
    assert {"platforms.change_platformaccount", "auth.change_user"} <= boss
    for ledger in ("change_change", "add_syncrun", "change_syncrun", "delete_outboxentry"):
        assert not any(one.endswith(f".{ledger}") for one in boss)


def test_permissions_are_those_that_django_makes_and_stand_once():
    codes = list(Permission.objects.values_list("content_type", "codename"))
    assert len(codes) == len(set(codes))


@pytest.mark.skipif(not NIGHTLY, reason="all migrations are undone to get there: at night")
@pytest.mark.django_db(transaction=True)
def test_the_migration_can_be_undone_and_done_again():
    try:
        call_command("migrate", "platforms", "0001", verbosity=0)
        assert not Group.objects.filter(name__in=NAMES).exists()
    finally:
        call_command("migrate", verbosity=0)
    assert {group.name for group in Group.objects.all()} == NAMES
    assert permissions(roles.VIEWER)


def test_the_highest_role_counts_and_no_role_is_none():
    nobody = UserFactory()
    nobody.groups.clear()
    assert roles.role_of(nobody) == roles.NONE
    assert not roles.may(nobody, roles.VIEWER)
    both = UserFactory(role=roles.VIEWER)
    both.groups.add(Group.objects.get(name=roles.STAFF))
    assert roles.role_of(both) == roles.STAFF
    assert roles.role_of(UserFactory(is_superuser=True)) == roles.ADMINISTRATOR


def test_a_group_may_be_called_anything(client_as, url):
    """Everybody in it was a viewer, or nobody, when the name decided."""
    client = client_as(roles.STAFF)
    group = client.user.groups.get()
    group.name = "Veranstaltungen"
    group.save()
    named = Group.objects.create(name="Administrators of everything")
    client.user.groups.add(named)
    page = client.get(url("home")).content.decode()
    assert re.search(rf"<br>\s*{roles.STAFF}\s*</p>", page)
    client.user.groups.remove(group)
    assert client.get(url("home")).status_code == 403


def test_somebodys_own_permission_is_a_role_too(django_assert_num_queries):
    nobody = UserFactory(first_name="Own", last_name="Permission")
    nobody.groups.clear()
    nobody.user_permissions.add(Permission.objects.get(codename="administer_accounts"))
    with django_assert_num_queries(1):
        assert roles.role_of(nobody) == roles.ADMINISTRATOR
        assert roles.may(nobody, roles.VIEWER)
        roles.require(nobody, roles.STAFF)
    assert nobody in roles.administrators()


def test_a_permission_of_another_app_opens_nothing():
    """Only those of the portal's identity are roles."""
    nobody = UserFactory()
    nobody.groups.clear()
    kind = Permission.objects.get(codename="view_conference").content_type
    alike = Permission.objects.create(content_type=kind, codename="act_as_staff", name="alike")
    nobody.user_permissions.add(alike)
    assert roles.role_of(nobody) == roles.NONE


def test_the_role_is_told_in_the_menu(client_as, url):
    for role in NAMES:
        page = client_as(role).get(url("home")).content.decode()
        assert re.search(rf"<br>\s*{role}\s*</p>", page)


def test_somebody_who_is_not_active_is_out(client_as, url):
    client = client_as(roles.ADMINISTRATOR)
    client.user.is_active = False
    client.user.save()
    assert client.get(url("home")).status_code == 302


@pytest.mark.parametrize("role", sorted(NAMES))
def test_the_administration_opens_for_those_who_are_let_in_alone(client_as, role):
    client = client_as(role)
    assert client.get(reverse("admin:index")).status_code == 302
    client.user.is_staff = True
    client.user.save()
    assert client.get(reverse("admin:index")).status_code == 200
    changelist = client.get(reverse("admin:conferences_conference_changelist"))
    assert changelist.status_code == 200
    users = client.get(reverse("admin:auth_user_changelist"))
    assert users.status_code == (200 if role == roles.ADMINISTRATOR else 403)


def test_guessing_passwords_is_stopped(settings, client):
    settings.AXES_ENABLED = True
    person = UserFactory(username="guessed")
    data = {"username": person.username, "password": "wrong"}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(reverse("login"), data)
    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()
    data["password"] = "a-password-for-tests"
    assert client.post(reverse("login"), data).status_code == 429
    other = UserFactory(username="somebody-else")
    fine = {"username": other.username, "password": "a-password-for-tests"}
    assert Client().post(reverse("login"), fine).status_code == 302


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"username": "x"},
        {"username": "x" * 9000, "password": "y" * 9000},
        {"username": "\u202ex\U0001f600", "password": "\t"},
        {"username": "<b>", "password": "'--"},
    ],
)
def test_nonsense_at_the_login(client, data):
    answer = client.post(reverse("login"), data)
    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode().replace("<body", "")


def test_after_the_login_only_to_our_own_pages(client):
    person = UserFactory()
    given = {"username": person.username, "password": "a-password-for-tests"}
    answer = client.post(reverse("login"), given | {"next": "https://evil.example.com/"})
    assert answer["Location"] == "/"


@pytest.fixture
def nobody(client_as):
    """Somebody who can log in, and has no role."""
    client = client_as(roles.VIEWER)
    client.user.groups.clear()
    return client


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/webinars/",
        "/people/",
        "/accounts/",
        "/attention/",
        "/webinars/1/",
        "/people.csv",
        "/admin/",
        "/links/registration/1/",
        "/ask/conference/1/files/",
    ],
)
def test_without_a_role_every_page_says_whom_to_ask(page, nobody, user_as):
    user_as(roles.ADMINISTRATOR, first_name="Ada", last_name="Boss", email="ada@example.org")
    user_as(roles.ADMINISTRATOR, username="gone", is_active=False)
    user_as(roles.STAFF, username="stella")
    for headers in ({}, {"HX-Request": "true"}):
        answer = nobody.get(page, headers=headers)
        text = answer.content.decode()
        assert answer.status_code == 403
        assert "You have no role yet" in text
        assert "Ada Boss" in text
        assert "ada@example.org" in text
        assert "gone" not in text
        assert "stella" not in text
    assert nobody.post(page).status_code == 403


def test_without_a_role_one_can_leave_and_change_the_password(nobody):
    assert nobody.get("/healthz").status_code == 200
    assert nobody.get(reverse("password_change")).status_code == 200
    assert nobody.post(reverse("logout")).status_code == 302


@pytest.mark.parametrize("role", sorted(NAMES))
def test_everybody_changes_their_own_password(role, client_as, url):
    browser = client_as(role)
    page = reverse("password_change")
    assert page in browser.get(url("home")).content.decode()
    new = {"new_password1": "another-long-word-77", "new_password2": "another-long-word-77"}
    assert browser.post(page, {"old_password": "wrong"} | new).status_code == 200
    weak = {"new_password1": "12345", "new_password2": "12345"}
    assert browser.post(page, {"old_password": "a-password-for-tests"} | weak).status_code == 200
    done = browser.post(page, {"old_password": "a-password-for-tests"} | new, follow=True)
    assert "Your password is changed" in done.content.decode()
    assert browser.get(url("home")).status_code == 200, "still signed in"
    browser.user.refresh_from_db()
    assert browser.user.check_password("another-long-word-77")


def test_what_a_role_does_not_include_is_one_line_in_the_log(client_as, url, caplog):
    client = client_as(roles.VIEWER)
    assert client.get(url("person-new")).status_code == 403
    (record,) = [one for one in caplog.records if one.name == "django.request"]
    assert record.getMessage() == "Forbidden (Permission denied): /people/new/"
    assert record.exc_info is None

"""Who may log in, in the administration: nobody gives, or takes over, more than they have."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from portal.identity import roles

pytestmark = pytest.mark.django_db
PASSWORD = {
    "password1": "another-long-word-77",
    "password2": "another-long-word-77",
    "usable_password": "true",
}


@pytest.fixture
def boss(client_as):
    """An administrator by role, who is let into the administration; no superuser."""
    client = client_as(roles.ADMINISTRATOR)
    client.user.is_staff = True
    client.user.save()
    return client


@pytest.fixture
def root(user_as):
    return user_as(roles.ADMINISTRATOR, username="root", is_staff=True, is_superuser=True)


def change(user):
    return reverse("admin:auth_user_change", args=[user.pk])


def form_of(user, **values):
    return {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "10:00",
        **values,
    }


def test_an_administrator_does_not_become_superuser(boss):
    every = list(Permission.objects.values_list("pk", flat=True))
    role = Group.objects.get(name=roles.ADMINISTRATOR)
    given = form_of(boss.user, is_superuser="on", user_permissions=every, groups=[role.pk])
    assert boss.post(change(boss.user), given).status_code == 302
    boss.user.refresh_from_db()
    assert not boss.user.is_superuser
    assert not boss.user.user_permissions.exists()
    page = boss.get(change(boss.user)).content.decode()
    assert "is_superuser" not in page
    assert "user_permissions" not in page


def test_a_new_user_is_made_with_no_more_than_a_role(boss):
    given = {"username": "new", "is_superuser": "on", **PASSWORD}
    assert boss.post(reverse("admin:auth_user_add"), given).status_code == 302
    new = type(boss.user).objects.get(username="new")
    assert not new.is_superuser
    staff = Group.objects.get(name=roles.STAFF)
    boss.post(change(new), form_of(new, groups=[staff.pk], is_superuser="on"))
    new.refresh_from_db()
    assert roles.role_of(new) == roles.STAFF
    assert not new.is_superuser


def test_a_superuser_is_out_of_an_administrators_reach(boss, root):
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    before = root.password
    boss.post(change(root), form_of(root, email="mine@example.org"))
    assert boss.post(password, PASSWORD).status_code == 403
    assert boss.get(password).status_code == 403
    assert (
        boss.post(reverse("admin:auth_user_delete", args=[root.pk]), {"post": "yes"}).status_code
        == 403
    )
    boss.post(
        reverse("admin:auth_user_changelist"),
        {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"},
    )
    root.refresh_from_db()
    assert (root.password, root.email) == (before, "")


def test_a_group_above_ones_own_cannot_be_given(boss):
    above = Group.objects.create(name="Database")
    above.permissions.add(*Permission.objects.filter(codename="delete_session"))
    assert boss.post(change(boss.user), form_of(boss.user, groups=[above.pk])).status_code == 200
    assert not boss.user.groups.filter(pk=above.pk).exists()
    assert "Database" not in boss.get(change(boss.user)).content.decode()


def test_event_staff_who_look_after_people_give_no_role_above_their_own(client_as, user_as):
    staff = client_as(roles.STAFF)
    staff.user.is_staff = True
    staff.user.save()
    staff.user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="auth", content_type__model="user")
    )
    administrator = Group.objects.get(name=roles.ADMINISTRATOR)
    administrator.permissions.set(roles.permissions_of(roles.ADMINISTRATOR))
    staff.post(change(staff.user), form_of(staff.user, groups=[administrator.pk]))
    assert roles.role_of(type(staff.user).objects.get(pk=staff.user.pk)) == roles.STAFF


def test_what_the_roles_open_is_a_superusers_to_change(boss, root, client):
    group = Group.objects.get(name=roles.ADMINISTRATOR)
    page = reverse("admin:auth_group_change", args=[group.pk])
    every = list(Permission.objects.values_list("pk", flat=True))
    boss.post(page, {"name": group.name, "permissions": every})
    assert group.permissions.count() < len(every)
    assert boss.post(reverse("admin:auth_group_add"), {"name": "x"}).status_code == 403
    client.force_login(root)
    assert client.get(page).status_code == 200
    given = form_of(root, is_superuser="on", groups=[group.pk])
    assert client.post(change(root), given).status_code == 302

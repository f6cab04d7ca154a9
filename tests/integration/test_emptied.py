"""What a test with transactions of its own leaves is taken away, and what migrations made stays."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from portal.conferences.models import Attendee, Conference
from portal.identity import roles
from tests.emptied import KEPT, AsMigrated
from tests.factories import RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db


def kept():
    return [list(model.objects.order_by("pk").values()) for model in KEPT]


def test_rows_go_in_whatever_order_and_roles_stay():
    left, before = AsMigrated(), kept()
    RegistrationFactory()
    UserFactory(role=roles.STAFF)
    left.restore()
    assert not Attendee.objects.exists()
    assert not Conference.objects.exists()
    assert kept() == before
    assert UserFactory(role=roles.ADMINISTRATOR).has_perm("identity.administer_accounts")


def test_a_role_that_was_changed_is_as_before():
    left, before = AsMigrated(), kept()
    group = Group.objects.get(name=roles.STAFF)
    group.permissions.clear()
    group.name = "Somebody else"
    group.save()
    Group.objects.create(name="One more")
    Permission.objects.filter(codename="act_as_staff").delete()
    ContentType.objects.create(app_label="nowhere", model="nothing")
    left.restore()
    assert kept() == before

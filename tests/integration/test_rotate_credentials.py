"""Keys of stored secrets can be changed without asking anybody for the secrets again."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from portal.platforms.models import PlatformAccount
from tests.factories import AccountFactory, ConferenceFactory

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def stored():
    """The accounts' credentials as they stand in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials FROM platforms_platformaccount")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_rotation(settings):
    settings.CREDENTIALS_KEYS = [OLD]
    account = AccountFactory(credentials={"api_key": "what-only-we-know"})
    conference = ConferenceFactory(account=account, password="for-the-room")
    before = stored()
    settings.CREDENTIALS_KEYS = [NEW, OLD]
    call_command("rotate_credentials")
    assert stored() != before
    settings.CREDENTIALS_KEYS = [NEW]
    account.refresh_from_db()
    conference.refresh_from_db()
    assert account.credentials == {"api_key": "what-only-we-know"}
    assert conference.password == "for-the-room"


@pytest.mark.django_db
def test_nothing_is_readable_in_the_database():
    AccountFactory(credentials={"api_key": "what-only-we-know"})
    assert "what-only-we-know" not in stored()[0]


@pytest.mark.django_db
def test_a_missing_key_is_said_and_changes_nothing(settings, capsys):
    settings.CREDENTIALS_KEYS = [OLD]
    AccountFactory(credentials={"api_key": "what-only-we-know"})
    before = stored()
    settings.CREDENTIALS_KEYS = [NEW]
    with pytest.raises(ImproperlyConfigured, match="put the key"):
        call_command("rotate_credentials")
    assert stored() == before
    settings.CREDENTIALS_KEYS = [OLD]
    assert PlatformAccount.objects.get().credentials["api_key"] == "what-only-we-know"

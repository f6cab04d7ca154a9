"""Rows for tests; every name and address is made up."""

from datetime import timedelta

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from integrations.base.records import instant
from portal.common import clock
from portal.common.middleware import LAST_SEEN
from portal.conferences import models
from portal.conferences.recurrence import DAYS
from portal.identity import roles
from portal.platforms.models import AccountRuntime, PlatformAccount


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    password = factory.django.Password("a-password-for-tests")

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        self.groups.add(Group.objects.get(name=extracted or roles.STAFF))


class AccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlatformAccount

    label = factory.Sequence(lambda n: f"Account {n}")
    platform = "clickmeeting"
    base_url = "http://127.0.0.1:1/v1"
    credentials = {"api_key": "a-key-for-tests"}
    # The platforms' own pace would only take time in tests that are about something else.
    requests_per_minute = 6000

    @classmethod
    def _create(cls, model_class, *args, **given):
        """What stands in the runtime row is given like the rest."""
        names = {field.name for field in AccountRuntime._meta.fields} - {"account"}
        now = {name: given.pop(name) for name in names & set(given)}
        account = super()._create(model_class, *args, **given)
        if now:
            AccountRuntime.objects.filter(account=account).update(**now)
            account.refresh_from_db()
        return account


class ConferenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Conference

    account = factory.SubFactory(AccountFactory)
    title = factory.Sequence(lambda n: f"Webinar {n}")
    starts_at = factory.LazyFunction(
        lambda: (clock.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    )
    duration_minutes = 60
    timezone = "Europe/Berlin"


class SeriesFactory(factory.django.DjangoModelFactory):
    """A weekly series; its conferences are made by `series_of`."""

    class Meta:
        model = models.Series

    uid = factory.Sequence(lambda n: f"series{n}@lectern")
    title = factory.Sequence(lambda n: f"Series {n}")
    rule = "FREQ=WEEKLY;COUNT=6"
    timezone = "Europe/Berlin"
    first_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=2))


def room_with_dates(first, count=4, **given):
    """A permanent room of which dates are kept, one a week from `first` (UTC) on."""
    starts = [first + timedelta(weeks=number) for number in range(count)]
    day = DAYS[first.weekday()]
    values = {
        "permanent": True,
        "starts_at": first,
        "duration_minutes": 60,
        "timezone": "UTC",
        "dates": [instant(at) for at in starts],
        "dates_rule": f"FREQ=WEEKLY;BYDAY={day};COUNT={count}",
        "dates_from": first,
    }
    return ConferenceFactory(**values | given)


class AttendeeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Attendee

    email = factory.Sequence(lambda n: f"attendee{n}@example.com")
    first_name = factory.Sequence(lambda n: f"First{n}")
    last_name = factory.Sequence(lambda n: f"Last{n}")


class GroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.AttendeeGroup

    name = factory.Sequence(lambda n: f"Group {n}")


class RegistrationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Registration

    conference = factory.SubFactory(ConferenceFactory)
    attendee = factory.SubFactory(AttendeeFactory)
    # A link comes from the platform with the registration there.
    registered_at = factory.LazyAttribute(lambda row: clock.now() if row.join_url else None)
    join_url = ""


class ModeratorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Moderator

    conference = factory.SubFactory(ConferenceFactory)
    email = factory.Sequence(lambda n: f"speaker{n}@example.com")
    name = factory.Sequence(lambda n: f"Speaker {n}")


def user_with(role=roles.STAFF, **values):
    """A user with a role; all roles are there to be given."""
    return UserFactory(role=role, **values)


def logged_in(role=roles.STAFF):
    """A browser that has logged in; the user is its `.user`."""
    client = Client()
    client.user = user_with(role)
    client.force_login(client.user)
    session = client.session
    session[LAST_SEEN] = int(clock.now().timestamp())  # as the first page leaves it
    session.save()
    return client


def staff_url(name, *args, **kwargs):
    """The address of a staff's page: staff_url("conference", 5)."""
    return reverse(f"staff:{name}", args=args, kwargs=kwargs)

"""Prepare the demo's data: tables, users, sandbox accounts, people and groups."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from kombu.exceptions import OperationalError

from integrations import registry
from integrations.sandbox import Sandbox
from portal.celery import app
from portal.common import clock, commands
from portal.conferences.models import Attendee, AttendeeGroup, Membership
from portal.identity import roles
from portal.identity.demo_users import PASSWORD, USERS
from portal.platforms import services
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.staff.demo_people import GROUPS, people


class Command(commands.Command):
    """Can run again at any time: what is there stays as it is, but for the sandbox's address."""

    help = "Prepare the demo's data; what is there already stays."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("This makes users with well-known passwords: for DEMO_MODE alone.")
        call_command("migrate", interactive=False, verbosity=0)
        with transaction.atomic():
            first_time = not User.objects.exists()
            add_users()
            if first_time:
                connect_sandboxes(User.objects.get(username="admin"))
                add_people()
            follow_sandboxes()
        ask_for_sync()


def add_users() -> None:
    """Make the users that are missing; one whose password was changed keeps it."""
    for name, (first, last, role) in USERS.items():
        user, new = User.objects.get_or_create(
            username=name,
            defaults={"first_name": first, "last_name": last, "email": f"{name}@example.com"},
        )
        if new:
            user.set_password(PASSWORD)
            user.is_staff = user.is_superuser = name == "admin"
            user.save()
            group, _ = Group.objects.get_or_create(name=role)
            group.permissions.add(*roles.permissions_of(role))
            user.groups.add(group)


def connect_sandboxes(admin: User) -> None:
    """Connect each platform's sandbox by its well-known demo key."""
    made_up = Sandbox(seed=False)
    for slug in registry.slugs():
        services.connect(
            platform=slug,
            label=f"{registry.room(slug).name} sandbox",
            by=admin,
            base_url=settings.SANDBOX_URL + made_up.base_url(slug),
            credentials=made_up.credentials(slug),
            options=made_up.options(slug),
            requests_per_minute=made_up.pace(slug),
        )


def follow_sandboxes() -> None:
    """The sandbox may listen on another port this time, and was away meanwhile."""
    made_up = Sandbox(seed=False)
    for slug in registry.slugs():
        path = made_up.base_url(slug)
        sandboxes = PlatformAccount.objects.filter(
            platform=slug, base_url__startswith="http://127.0.0.1:", base_url__endswith=path
        )
        ids = list(sandboxes.values_list("pk", flat=True))
        sandboxes.update(base_url=settings.SANDBOX_URL + path)
        AccountRuntime.objects.filter(account__in=ids).update(
            fail_count=0, open_until=None, problem="", next_sync_at=clock.now()
        )


def add_people() -> None:
    everyone = people()
    Attendee.objects.bulk_create(everyone, ignore_conflicts=True)
    ids = dict(Attendee.objects.values_list("email", "pk"))
    for name, (description, first, count) in GROUPS.items():
        group = AttendeeGroup.objects.create(name=name, description=description)
        members = [ids[person.email] for person in everyone[first : first + count]]
        Membership.objects.bulk_create(Membership(group=group, attendee_id=pk) for pk in members)


def ask_for_sync() -> None:
    """Notify the worker, so that the first sync does not wait for the clock."""
    try:
        app.send_task("portal.sync.tasks.enqueue_due", ignore_result=True)
    except (OSError, OperationalError):
        return

"""The administration: every page opens, credentials never show, edits go through the services."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import DELETION, LogEntry
from django.urls import reverse

from portal.common import clock
from portal.conferences import models
from portal.identity import roles
from portal.identity.admin_base import ServiceAdmin
from portal.outbox.models import OutboxEntry
from portal.platforms.models import AccountRuntime, Generation, PlatformAccount
from portal.sync.models import Conflict, Hold, PlatformLink, SyncRun, Watched
from tests.factories import (
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    ModeratorFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.factories.date_polls import date_poll

pytestmark = pytest.mark.django_db

OURS = ("platforms", "outbox", "conferences", "sync")
# All but the count by which a restored database is noticed: nobody is to see or change it; the
# runtime row, which is shown on its account's page; and what mails have in common, which is packed
# and shown with each of them; and what somebody types, which is theirs alone until it is saved.
ALL = [
    model
    for label in OURS
    for model in apps.get_app_config(label).get_models()
    if model not in (Generation, AccountRuntime, models.MailCopy, models.UnsavedForm)
]
LEDGERS = [
    models.Change,
    models.Job,
    models.Invitation,
    models.MailTemplate,
    models.ConferenceTemplate,
    models.InvitedGroup,
    models.DatePoll,
    models.ProposedTime,
    models.AskedPerson,
    models.Series,
    models.RegistrationPage,
    models.Question,
    models.QuestionAnswer,
    models.UnconfirmedRegistration,
    models.Reminder,
    models.Session,
    models.Attendance,
    OutboxEntry,
    PlatformLink,
    Watched,
    SyncRun,
    Hold,
    Conflict,
]


def text(response):
    return response.content.decode()


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def boss(client_as):
    """An administrator by role, who is let into the administration; no superuser."""
    client = client_as(roles.ADMINISTRATOR)
    client.user.is_staff = True
    client.user.save()
    return client


@pytest.fixture
def world(account, staff_user):
    """One row of each model."""
    row = ConferenceFactory(account=account, title="Briefing <b>", password="room-secret-77")
    person = RegistrationFactory(conference=row)
    moment = {"created_at": clock.now(), "not_before": clock.now()}
    about = {"account": account, "kind": "conference", "local_id": row.pk}
    link = PlatformLink.objects.create(
        **about, external_id="9", volatile={"recording_url": "https://signed.example.com/secret"}
    )
    session = models.Session.objects.create(conference=row, starts_at=clock.now())
    return {
        PlatformAccount: account,
        models.Conference: row,
        models.Registration: person,
        models.Attendee: person.attendee,
        models.Job: models.Job.objects.create(
            what=models.Job.What.INVITE,
            token="form",
            asked_by=staff_user,
            conference=row,
            people=[["secret-guest@example.com", "", ""]],
            arguments={"note": "room-secret-77"},
            total=1,
            created_at=clock.now(),
        ),
        models.Moderator: ModeratorFactory(conference=row),
        models.Series: SeriesFactory(),
        models.DatePoll: (poll := date_poll(account)),
        models.ProposedTime: poll.times.first(),
        models.AskedPerson: poll.people.first(),
        models.ConferenceTemplate: models.ConferenceTemplate.objects.create(name="Briefing"),
        models.RegistrationPage: (page := models.RegistrationPage.objects.create(conference=row)),
        models.Question: (
            question := models.Question.objects.create(page=page, label="From where do you come?")
        ),
        models.QuestionAnswer: models.QuestionAnswer.objects.create(
            registration=person, question=question, asked=question.label, value="Here"
        ),
        models.UnconfirmedRegistration: models.UnconfirmedRegistration.objects.create(
            page=page, email="new@example.com"
        ),
        models.AttendeeGroup: (group := GroupFactory()),
        models.InvitedGroup: models.InvitedGroup.objects.create(conference=row, group=group),
        models.PersonField: models.PersonField.objects.create(name="Customer number"),
        models.Tag: models.Tag.objects.create(name="Press"),
        models.Membership: models.Membership.objects.create(group=group, attendee=person.attendee),
        models.Invitation: models.Invitation.objects.create(
            conference=row,
            registration=person,
            to_email="p@example.com",
            state="failed",
            not_before=clock.now(),
        ),
        models.MailTemplate: models.MailTemplate.objects.create(
            purpose="invite", language="en", subject="Come", text="{link}", changed_at=clock.now()
        ),
        models.Reminder: models.Reminder.objects.create(
            conference=row, minutes=60, set_at=clock.now()
        ),
        models.PlatformChange: models.PlatformChange.objects.create(
            conference=row, before={"title": "Old"}, after={"title": row.title}, at=clock.now()
        ),
        models.Session: session,
        models.Attendance: models.Attendance.objects.create(session=session, name="Somebody"),
        models.Recording: models.Recording.objects.create(conference=row),
        models.Change: models.Change.objects.create(
            at=clock.now(), action="changed", kind="conference", local_id=row.pk, conference=row
        ),
        OutboxEntry: OutboxEntry.objects.create(**about, **moment, state="failed"),
        PlatformLink: link,
        Watched: Watched.objects.create(link=link, wanted_at=clock.now()),
        SyncRun: SyncRun.objects.create(account=account, started_at=clock.now(), trigger="beat"),
        Hold: Hold.objects.create(
            account=account,
            kind="conference",
            reason="Much is missing.",
            since=clock.now(),
            missing=[{"id": "9", "local_id": row.pk, "title": "Briefing"}],
        ),
        Conflict: Conflict.objects.create(
            **about, link=link, field="title", ours="a", theirs="b", sentence="x", at=clock.now()
        ),
    }


def test_every_model_is_there_with_search_and_filters():
    for model in ALL:
        found = admin.site.get_model_admin(model)
        assert found.search_fields, model
        assert found.list_filter or model is models.AttendeeGroup, model
        assert len(found.list_display) > 2, model
        dated = [f for f in model._meta.fields if f.get_internal_type() == "DateTimeField"]
        assert found.date_hierarchy or not dated or model is PlatformLink, model


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_every_page_opens_and_nothing_secret_is_on_it(boss, world, model):
    assert set(world) == set(ALL)
    row = world[model]
    secrets = (*world[PlatformAccount].credentials.values(), "room-secret-77", "signed.example.com")
    for answer in (
        boss.get(page(model, "changelist"), {"q": "x"}),
        boss.get(page(model, "changelist")),
        boss.get(page(model, "change", row.pk)),
        boss.get(page(model, "history", row.pk)),
    ):
        assert answer.status_code == 200
        for secret in secrets:
            assert secret not in text(answer)
        assert "Briefing <b>" not in text(answer)


@pytest.mark.parametrize("model", LEDGERS, ids=lambda model: model.__name__)
def test_a_ledger_is_not_edited_by_anybody(boss, world, model):
    row = world[model]
    before = model.objects.filter(pk=row.pk).values().get()
    assert boss.get(page(model, "add")).status_code == 403
    assert boss.post(page(model, "change", row.pk), {"state": "done"}).status_code == 403
    assert boss.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    boss.post(page(model, "changelist"), chosen)
    assert model.objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q='\"<>",
        "e=1",
        "p=-1",
        "o=9.9",
        "id__exact=x",
        "account__id__exact=zz",
        "starts_at__year=99999",
    ],
)
def test_junk_in_the_address(boss, world, query):
    answer = boss.get(f"{page(models.Conference, 'changelist')}?{query}")
    assert answer.status_code in (200, 302, 400)
    for junk in ("x", "0", "9" * 30):
        assert boss.get(page(models.Conference, "change", junk)).status_code == 302


# Accounts ---------------------------------------------------------------------------------------


def act(client, model, action, *rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(page(model, "changelist"), data, follow=True)


def test_an_account_is_connected_on_the_portals_own_form(boss, url):
    assert boss.get(page(PlatformAccount, "add"))["Location"] == url("account-connect")


def test_test_connection_and_sync_now(boss, account):
    assert "takes the API key" in text(act(boss, PlatformAccount, "test_connection", account))
    assert "as soon as a worker is free" in text(act(boss, PlatformAccount, "sync_now", account))
    account.refresh_from_db()
    assert account.runtime.checked_at
    assert account.runtime.next_sync_at <= clock.now()


def test_an_accounts_pace_is_changed_and_the_credentials_stay(boss, account):
    key, address = dict(account.credentials), account.base_url
    values = {
        "label": "Renamed",
        "interval_minutes": 30,
        "requests_per_minute": 50,
        "ca_bundle": "",
        "paused": "on",
        "base_url": "https://evil.example.com",
        "changes_there": "ask",
    }
    answer = boss.post(page(PlatformAccount, "change", account.pk), values, follow=True)
    assert answer.status_code == 200
    row = PlatformAccount.objects.get()
    assert (row.label, row.interval_minutes, row.requests_per_minute) == ("Renamed", 30, 50)
    assert (row.credentials, row.base_url, row.paused) == (key, address, True)
    values["interval_minutes"] = 0
    answer = boss.post(page(PlatformAccount, "change", account.pk), values, follow=True)
    assert "Choose between" in text(answer)
    assert PlatformAccount.objects.get().interval_minutes == 30


def test_an_account_with_webinars_is_not_deleted(boss, account):
    row = ConferenceFactory(account=account)
    answer = boss.post(page(PlatformAccount, "delete", account.pk), {"post": "yes"}, follow=True)
    assert "webinar stands on" in text(answer)
    chosen = {"action": "delete_selected", "_selected_action": [account.pk], "post": "yes"}
    answer = boss.post(page(PlatformAccount, "changelist"), chosen, follow=True)
    assert "webinar stands on" in text(answer)
    assert "uccessfully deleted" not in text(answer)
    assert not LogEntry.objects.filter(action_flag=DELETION).exists()
    assert PlatformAccount.objects.count() == 1
    row.delete()
    boss.post(page(PlatformAccount, "delete", account.pk), {"post": "yes"})
    assert not PlatformAccount.objects.exists()


# Conferences ------------------------------------------------------------------------------------


def form_of(row, **values):
    start = row.starts_at.astimezone(clock.now().tzinfo)
    given = {
        "title": row.title,
        "description": row.description,
        "timezone": row.timezone,
        "starts_at_0": f"{start:%Y-%m-%d}",
        "starts_at_1": f"{start:%H:%M:%S}",
        "duration_minutes": row.duration_minutes,
        "room_type": row.room_type,
        "access": row.access,
        "open": "on",
        "seen": row.version,
    }
    return given | values


@pytest.fixture
def in_utc(boss):
    boss.cookies["zone"] = "UTC"
    return boss


def test_an_edit_leaves_history_and_a_note_for_the_platform(in_utc, account):
    row = ConferenceFactory(account=account, title="Old")
    url = page(models.Conference, "change", row.pk)
    assert in_utc.post(url, form_of(row, title="New")).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.version) == ("New", 1)
    change = models.Change.objects.get()
    assert (change.before, change.after) == ({"title": "Old"}, {"title": "New"})
    assert change.actor == in_utc.user
    assert OutboxEntry.objects.get().local_id == row.pk


def test_an_edit_of_an_old_page_is_refused(in_utc, account):
    row = ConferenceFactory(account=account, title="Old")
    form = form_of(row, title="From the old page")
    models.Conference.objects.update(title="Newer", version=3)
    answer = in_utc.post(page(models.Conference, "change", row.pk), form, follow=True)
    assert "Somebody else changed this webinar" in text(answer)
    row.refresh_from_db()
    assert row.title == "Newer"
    assert not OutboxEntry.objects.exists()


def test_what_the_rules_refuse_changes_nothing(in_utc, account):
    row = ConferenceFactory(account=account, description="")
    form = form_of(row, description="x" * 500)
    answer = in_utc.post(page(models.Conference, "change", row.pk), form, follow=True)
    assert "At most 160 characters fit" in text(answer)
    row.refresh_from_db()
    assert row.description == ""
    assert not LogEntry.objects.exists()


def test_a_webinar_can_be_scheduled_here(in_utc, account):
    draft = ConferenceFactory.build(starts_at=clock.now() + timedelta(days=1))
    form = form_of(draft, title="Fresh", account=account.pk)
    answer = in_utc.post(page(models.Conference, "add"), form)
    assert answer.status_code == 302, text(answer)
    row = models.Conference.objects.get()
    assert (row.title, row.created_by) == ("Fresh", in_utc.user)
    assert OutboxEntry.objects.get().local_id == row.pk


def test_deleting_means_cancelling_and_no_row_is_dragged_along(boss, account):
    rows = [ConferenceFactory(account=account) for _ in range(3)]
    for row in rows:
        RegistrationFactory(conference=row)
    question = text(boss.get(page(models.Conference, "delete", rows[0].pk)))
    assert "@example.com" not in question
    answer = boss.post(page(models.Conference, "delete", rows[0].pk), {"post": "yes"}, follow=True)
    assert "Cancelled; its platform is told." in text(answer)
    chosen = {
        "action": "delete_selected",
        "post": "yes",
        "_selected_action": [row.pk for row in rows[1:]],
    }
    boss.post(page(models.Conference, "changelist"), chosen)
    assert models.Conference.objects.exclude(removed_at=None).count() == 3
    assert models.Registration.objects.count() == 3
    assert OutboxEntry.objects.filter(kind="conference").count() == 3
    assert models.Change.objects.filter(action="cancelled", actor=boss.user).count() == 3


def test_a_deletion_names_its_consequence_before_and_mails_nobody(boss, account):
    row = ConferenceFactory(account=account, title="Autumn tour")
    RegistrationFactory(conference=row)
    chosen = {"action": "delete_selected", "_selected_action": [row.pk]}
    for question in (
        boss.get(page(models.Conference, "delete", row.pk)),
        boss.post(page(models.Conference, "changelist"), chosen),
    ):
        assert "its room on ClickMeeting is deleted" in text(question)
        assert "Nobody is notified by mail" in text(question)
    answer = boss.post(page(models.Conference, "changelist"), chosen | {"post": "yes"}, follow=True)
    assert "Cancelled; its platform is told. Nobody was notified by mail. (1)" in text(answer)
    assert "uccessfully deleted" not in text(answer)
    assert not models.Invitation.objects.exists()


def test_every_page_that_removes_says_what_that_does(boss, account):
    row = ConferenceFactory(account=account)
    registration = RegistrationFactory(conference=row)
    things = [
        account,
        row,
        registration,
        registration.attendee,
        GroupFactory(account=account),
        ModeratorFactory(conference=row),
        models.Recording.objects.create(conference=row),
        models.Membership.objects.create(group=GroupFactory(), attendee=registration.attendee),
        models.Tag.objects.create(name="Press"),
        models.PersonField.objects.create(name="Customer number"),
    ]
    removing = [
        model for model, shown in admin.site._registry.items() if isinstance(shown, ServiceAdmin)
    ]
    assert {type(one) for one in things} == set(removing)
    for one in things:
        question = text(boss.get(page(type(one), "delete", one.pk)))
        assert 'class="warning"' in question, type(one).__name__


def test_moderators_registrations_and_recordings(boss, account, url):
    row = ConferenceFactory(account=account, draft=True)
    added = {"conference": row.pk, "email": "Host@example.com", "name": "Host", "role": "host"}
    assert boss.post(page(models.Moderator, "add"), added).status_code == 302
    host = models.Moderator.objects.get()
    assert host.email == "host@example.com"
    changed = {"name": "Other", "role": "presenter"}
    boss.post(page(models.Moderator, "change", host.pk), changed)
    host.refresh_from_db()
    assert (host.name, host.role) == ("Other", "presenter")
    boss.post(page(models.Moderator, "delete", host.pk), {"post": "yes"})
    person = RegistrationFactory(conference=row)
    boss.post(page(models.Registration, "delete", person.pk), {"post": "yes"})
    recording = models.Recording.objects.create(conference=ConferenceFactory(account=account))
    boss.post(page(models.Recording, "delete", recording.pk), {"post": "yes"})
    for one in (host, person, recording):
        one.refresh_from_db()
        assert one.removed_at
    assert models.Change.objects.filter(actor=boss.user).count() >= 5
    again = boss.post(page(models.Moderator, "add"), {**added, "role": "king"})
    assert again.status_code == 200


def test_people_and_groups(boss):
    person = {
        "email": "New@example.com",
        "first_name": "New",
        "last_name": "",
        "phone": "",
        "company": "",
        "country": "",
        "notes": "",
    }
    assert boss.post(page(models.Attendee, "add"), person).status_code == 302
    row = models.Attendee.objects.get()
    boss.post(page(models.Attendee, "change", row.pk), person | {"first_name": "Newer"})
    assert boss.post(page(models.AttendeeGroup, "add"), {"name": "G"}).status_code == 302
    group = models.AttendeeGroup.objects.get()
    boss.post(page(models.AttendeeGroup, "change", group.pk), {"name": "H"})
    inside = models.Membership.objects.create(group=group, attendee=row)
    boss.post(page(models.Membership, "delete", inside.pk), {"post": "yes"})
    inside.refresh_from_db()
    assert inside.removed_at
    row.refresh_from_db()
    group.refresh_from_db()
    assert (row.email, row.first_name, group.name) == ("new@example.com", "Newer", "H")
    kept = RegistrationFactory(attendee=AttendeeFactory()).attendee
    answer = boss.post(page(models.Attendee, "delete", kept.pk), {"post": "yes"}, follow=True)
    assert "belongs to the record" in text(answer)
    boss.post(page(models.Attendee, "delete", row.pk), {"post": "yes"})
    assert list(models.Attendee.objects.all()) == [kept]
    assert set(models.Change.objects.values_list("action", flat=True)) >= {
        "added",
        "changed",
        "created",
        "deleted",
    }


# The buttons of logs ---------------------------------------------------------------------------


def test_retry_release_and_keep(boss, world):
    assert "Tried again." in text(act(boss, OutboxEntry, "retry", world[OutboxEntry]))
    assert "can be tried again" in text(act(boss, OutboxEntry, "retry", world[OutboxEntry]))
    act(boss, Hold, "release", world[Hold])
    act(boss, Conflict, "keep_theirs", world[Conflict])
    mails = text(boss.get(page(models.Invitation, "changelist")))
    again = reverse("staff:mail-retry", args=[world[models.Invitation].pk])
    assert f'href="{again}"' in mails, "before a mail is sent again, a page asks"
    for model in (OutboxEntry, Hold, Conflict, models.Invitation):
        world[model].refresh_from_db()
    assert world[OutboxEntry].state == "waiting"
    assert world[Hold].released
    assert world[Conflict].resolution == "theirs"
    assert world[models.Invitation].state == "failed"


def test_a_viewer_in_the_administration_looks_and_does_nothing(client_as, world):
    client = client_as(roles.VIEWER)
    client.user.is_staff = True
    client.user.save()
    assert client.get(page(models.Conference, "changelist")).status_code == 200
    assert client.post(page(models.Conference, "add"), {}).status_code == 403
    for model, action in (
        (OutboxEntry, "retry"),
        (Hold, "release"),
        (PlatformAccount, "sync_now"),
        (PlatformAccount, "test_connection"),
    ):
        act(client, model, action, world[model])
    world[OutboxEntry].refresh_from_db()
    world[Hold].refresh_from_db()
    world[PlatformAccount].refresh_from_db()
    assert world[OutboxEntry].state == "failed"
    assert not world[Hold].released
    assert world[PlatformAccount].runtime.next_sync_at is None


def test_a_list_answers_no_question_that_its_page_does_not_ask(client_as, world):
    """A filter in the address, letter by letter, would read out what no page shows."""
    client = client_as(roles.VIEWER)
    client.user.is_staff = True
    client.user.save()
    for model in ALL:
        shown = admin.site._registry[model]
        named = {one if isinstance(one, str) else one[0] for one in shown.list_filter}
        for field in model._meta.concrete_fields:
            if field.primary_key or field.name in {*named, shown.date_hierarchy}:
                continue
            for how in ("startswith", "exact"):
                address = page(model, "changelist") + f"?{field.attname}__{how}=1"
                assert client.get(address).status_code == 400, address
    for address in (
        page(models.Registration, "changelist") + "?join_url__startswith=http",
        page(PlatformLink, "changelist") + "?facts__room_pin__startswith=5",
        page(PlatformLink, "changelist") + "?account__credentials__isnull=1",
        page(models.Registration, "changelist") + "?conference__account__base_url__startswith=h",
    ):
        assert client.get(address).status_code == 400, address


def test_the_filters_of_a_page_go_on(boss, world):
    account = world[PlatformAccount]
    for model, asked in (
        (models.Registration, f"conference__account__id__exact={account.pk}&origin__exact=portal"),
        (models.Conference, "draft__exact=0&starts_at__year=2026&account__id__exact=1"),
        (models.Moderator, "role__exact=host"),
        (models.Attendee, "groups__id__exact=1&country=DE"),
        (Conflict, "resolved_at__isempty=1"),
    ):
        address = f"{page(model, 'changelist')}?{asked}"
        assert boss.get(address).status_code == 200, address


def test_lists_cost_a_fixed_number_of_queries(boss, account, django_assert_max_num_queries):
    for _ in range(30):
        RegistrationFactory(conference=ConferenceFactory(account=account))
    for model in (models.Conference, models.Registration, models.Attendee):
        with django_assert_max_num_queries(16):
            assert boss.get(page(model, "changelist")).status_code == 200

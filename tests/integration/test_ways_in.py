"""Who gets a way in: the read-only role none, staff by asking, and asking leaves a line."""

import re
import uuid

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from integrations import registry
from integrations.base.capabilities import Topic
from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotAllowed
from portal.conferences.models import Attendance, Change, Conference, Invitation, Recording, Session
from portal.conferences.people.services.imports import prepare
from portal.identity import access, roles
from portal.identity.access import RULES, ProtectedItem
from portal.outbox.models import OutboxEntry
from portal.staff.platform_actions import presenters as present
from portal.sync import engine
from portal.sync.models import Conflict, Hold, PlatformLink, SyncRun
from portal.sync.services import actions as operations
from portal.sync.services.actions import Subject
from tests.factories import (
    AccountFactory,
    ConferenceFactory,
    GroupFactory,
    ModeratorFactory,
    RegistrationFactory,
)
from tests.factories.date_polls import date_poll

pytestmark = pytest.mark.django_db
PIN, SIGNED = "73519042", "https://storage.example.org/planted-way-in"


@pytest.fixture
def world(db):
    """One row of everything, with a way in wherever one can stand."""
    account = AccountFactory(learned={"host": f"{SIGNED}/learned"})
    row = ConferenceFactory(account=account, password="planted-room-password")
    person = RegistrationFactory(conference=row)
    host = ModeratorFactory(conference=row)
    for one in (person, host):
        one.join_url = f"{SIGNED}/{one.pk}?token=planted"
        one.save()
    room = "https://rooms.example.org/public"
    facts = {
        "room_url": room,
        "embed_room_url": room,
        "phone_host_pin": PIN,
        "room_token": "planted-token",
        "role_urls": {"host": f"{SIGNED}/host"},
    }
    about = {"account": account, "kind": Kind.CONFERENCE, "local_id": row.pk}
    PlatformLink.objects.create(**about, external_id="9", facts=facts, volatile=facts)
    for kind, one in ((Kind.REGISTRATION, person), (Kind.MODERATOR, host)):
        PlatformLink.objects.create(
            account=account,
            kind=kind,
            local_id=one.pk,
            external_id=f"9/{one.pk}",
            facts={"join_url": one.join_url},
        )
    PlatformLink.objects.create(
        account=account,
        kind=Kind.ATTENDEE,
        local_id=person.attendee_id,
        external_id="p",
        facts={"join_url": f"{SIGNED}/person"},
    )
    session = Session.objects.create(conference=row, starts_at=clock.now())
    recording = Recording.objects.create(conference=row)
    moment = {"created_at": clock.now(), "not_before": clock.now()}
    entry = OutboxEntry.objects.create(
        **about,
        **moment,
        verb="join_link",
        state="unknown",
        arguments={"email": "ann@example.org", "password": "planted-room-password"},
        result={"join_url": f"{SIGNED}/result"},
    )
    mail = Invitation.objects.create(
        conference=row,
        registration=person,
        to_email="p@example.com",
        state="failed",
        not_before=clock.now(),
    )
    Change.objects.create(
        at=clock.now(),
        action="changed",
        kind=Kind.MODERATOR,
        local_id=host.pk,
        conference=row,
        before={"join_url": f"{SIGNED}/before"},
        after={"join_url": f"{SIGNED}/after"},
    )
    run = SyncRun.objects.create(
        account=account,
        started_at=clock.now(),
        trigger="beat",
        steps=[{"do": "update", "fields": {"join_url": [f"{SIGNED}/a", f"{SIGNED}/b"]}}],
    )
    hold = Hold.objects.create(account=account, kind=Kind.REGISTRATION, since=clock.now())
    conflict = Conflict.objects.create(
        account=account,
        link=PlatformLink.objects.first(),
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        field="join_url",
        sort=Conflict.Sort.FIELD,
        ours=f"{SIGNED}/o",
        theirs=f"{SIGNED}/t",
        at=clock.now(),
    )
    Attendance.objects.create(session=session, name="Somebody")
    poll = date_poll(account)
    return {
        "poll": poll.pk,
        "account": account.pk,
        "conference": row.pk,
        "registration": person.pk,
        "moderator": host.pk,
        "person": person.attendee_id,
        "group": GroupFactory().pk,
        "session": session.pk,
        "recording": recording.pk,
        "entry": entry.pk,
        "mail": mail.pk,
        "run": run.pk,
        "hold": hold.pk,
        "conflict": conflict.pk,
        "tokens": [person.token, host.token, *(one.token for one in poll.people.all())],
    }


def planted(text, world):
    """What of the world's ways in stands in a page."""
    secrets = [PIN, "planted", "storage.example.org", *(str(one) for one in world["tokens"])]
    return [secret for secret in secrets if secret in text]


def patterns(found, before=""):
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern)


def pages(world):
    """Every address of the portal's pages, about the one row of each kind."""
    by_prefix = (
        ("accounts/", "account"),
        ("runs/", "run"),
        ("webinars/dates/", "poll"),
        ("webinars/", "conference"),
        ("people/", "person"),
        ("groups/", "group"),
        ("registrations/", "registration"),
        ("attention/conflicts/", "conflict"),
        ("attention/holds/", "hold"),
        ("attention/entries/", "entry"),
        ("attention/mails/", "mail"),
    )
    slugs = {"platform": "clickmeeting", "token": "x" * 20, "name": "files", "word": "conference"}
    slugs |= {"slug": "nothing", "stamp": "20260101T100000Z"}
    for pattern in patterns(get_resolver("portal.staff.urls").url_patterns):
        kind = next((k for prefix, k in by_prefix if pattern.startswith(prefix)), "conference")

        def value(match, kind=kind):
            sort, name = match[1], match[2]
            if sort == "uuid":
                return str(uuid.uuid4())
            if sort == "slug":
                return slugs[name]
            return str(world.get(name, world[kind]))

        yield "/" + re.sub(r"<(\w+):(\w+)>", value, pattern)
    for word in ("registration", "moderator"):
        yield f"/ask/{word}/{world[word]}/"
    yield f"/ask/attendee-{world['account']}/{world['person']}/"
    yield f"/people/?q={world['person']}"


def test_the_read_only_role_meets_no_way_in_on_any_page(world, client_as):
    viewer = client_as(roles.VIEWER)
    seen = 0
    for page in pages(world):
        for headers in ({}, {"HX-Request": "true"}):
            answer = viewer.get(page, headers=headers)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            # What is no text is a file, packed: the text of it is looked at as CSV.
            found = planted(content.decode(errors="replace") + str(answer.headers), world)
            assert not found, (page, found)
            seen += answer.status_code == 200
    assert seen > 60, "the pages were really looked at"


def test_the_administration_shows_no_way_in_to_the_read_only_role(world, client_as):
    viewer = client_as(roles.VIEWER)
    viewer.user.is_staff = True
    viewer.user.save()
    names = {
        "conferences": (
            "conference",
            "registration",
            "moderator",
            "invitation",
            "change",
            "recording",
            "askedperson",
        ),
        "outbox": ("outboxentry",),
        "sync": ("platformlink", "syncrun", "conflict"),
        "platforms": ("platformaccount",),
    }
    looked = 0
    for app, models in names.items():
        for name in models:
            for row in apps.get_model(app, name)._default_manager.all():
                page = viewer.get(reverse(f"admin:{app}_{name}_change", args=[row.pk]))
                assert not planted(page.content.decode(), world), (name, row.pk)
                looked += page.status_code == 200
    assert looked > 12


def test_pages_say_why_the_read_only_role_does_not_see_it(world, client_as, url):
    viewer = client_as(roles.VIEWER)
    people = viewer.get(url("conference-people", world["conference"])).content.decode()
    assert people.count("Your role cannot see it") == 2
    overview = viewer.get(url("conference", world["conference"])).content.decode()
    assert "Shown to the role Event staff" in overview
    assert PIN in client_as().get(url("conference", world["conference"])).content.decode()


@pytest.mark.parametrize("word", ["registration", "moderator"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_asking_for_a_link_leaves_a_line_without_the_link(word, headers, world, client_as, url):
    staff = client_as()
    page = staff.get(url("conference-people", world["conference"])).content.decode()
    assert not planted(page, world), "nothing is shown unasked"
    asked = url("personal-link", word, world[word])
    assert asked in page
    text = staff.get(asked, headers=headers).content.decode()
    assert any(f"/join/{token}/" in text for token in world["tokens"])
    assert ("<html" in text) is not bool(headers)
    line = Change.objects.get(action="link asked for")
    assert (line.actor, line.kind, line.local_id) == (staff.user, word, world[word])
    assert line.conference_id == world["conference"]
    history = staff.get(url("conference-history", world["conference"])).content.decode()
    assert "Asked for the personal link of" in history
    assert not planted(history, world)


def test_a_list_with_links_leaves_a_line(world, client_as, url):
    staff = client_as()
    answer = staff.get(url("registrations-export", world["conference"]))
    assert f"/join/{world['tokens'][0]}/" in b"".join(answer.streaming_content).decode()
    assert Change.objects.get(action="list taken out").actor == staff.user


@pytest.mark.parametrize("word", ["registration", "moderator", "person", "nonsense"])
def test_a_link_is_refused_to_the_read_only_role(word, world, client_as, url):
    viewer = client_as(roles.VIEWER)
    page = url("personal-link", word, world.get(word, 1))
    assert viewer.get(page).status_code == 403
    assert viewer.head(page).status_code in (403, 405)
    assert not Change.objects.filter(action="link asked for").exists()


ACTIONS = [
    pytest.param(slug, action.name, id=f"{slug}-{action.name}")
    for slug in registry.slugs()
    for action in registry.room(slug).capabilities.actions.values()
    if action.ability.offered
]


@pytest.mark.parametrize(("slug", "name"), ACTIONS)
def test_every_action_asks_the_table(slug, name, user_as, monkeypatch):
    """Over every action of every room: who may not is refused before the platform is asked."""
    account = AccountFactory(platform=slug)
    action = registry.room(slug).capabilities.actions[name]
    monkeypatch.setattr(operations, "action_of", lambda *_: action)
    subject = Subject(account, action.of, 1)
    asked = []
    monkeypatch.setattr(Subject, "external_id", lambda self: asked.append(1) or "1")
    ask = (
        operations.download
        if action.download
        else operations.read
        if action.reads
        else operations.perform
    )
    for role in (roles.NONE, roles.VIEWER):
        user = user_as(roles.VIEWER)
        if role == roles.NONE:
            user.groups.clear()
        if role == roles.VIEWER and action.reads and action.harmless:
            assert access.reason_against(action, user) == ""
            continue
        with pytest.raises(NotAllowed):
            ask(subject, name, {}, user)
    assert not asked
    assert access.reason_against(action, user_as(roles.STAFF)) == ""


@pytest.mark.parametrize("slug", registry.slugs())
def test_ways_in_are_never_called_harmless(slug):
    for action in registry.room(slug).capabilities.actions.values():
        if action.harmless:
            assert action.reads, action.name
            assert not action.download, action.name
            assert "link" not in action.name, action.name
        if action.topic is Topic.ACCESS and action.reads and "link" in action.name:
            assert access.role_for(action) == roles.STAFF


def test_staff_asking_for_an_address_leaves_a_line_with_whose(account, sandbox, client_as, url):
    sandbox.clickmeeting().add_room("Quarterly results")
    engine.sync_account(account.pk, full=True)
    row = Conference.objects.get()
    staff = client_as()
    page = url("ask", "conference", row.pk, "join_link")
    answer = staff.post(page, {"email": "host@example.org", "role": "host"})
    link = re.search(r'href="(http[^"]+)"', answer.content.decode())
    assert link
    line = Change.objects.get(action="done there")
    assert line.actor == staff.user
    assert "for host@example.org" in line.sentence
    assert "http" not in line.sentence
    kept = OutboxEntry.objects.get(verb="join_link")
    assert "http" not in str(kept.result), "the ledger keeps no way in"
    staff.get(url("ask", "conference", row.pk, "access_tokens"))
    viewer = client_as(roles.VIEWER)
    assert viewer.get(url("ask", "conference", row.pk, "access_tokens")).status_code == 403
    assert viewer.get(url("conference-live", row.pk) + "?read=access_tokens").status_code == 403
    assert viewer.get(url("ask", "conference", row.pk, "files")).status_code == 200


def test_what_may_let_somebody_in_is_never_read_by_the_page_itself(world, user_as):
    account = AccountFactory(platform="trueconf", learned={"api_version": "v3.9"})
    panels = present.panels(Subject(account, Kind.CONFERENCE, 1), Topic, user_as(roles.STAFF))
    offers = {o.action.name: o for panel in panels for o in panel.reads}
    assert not offers["room_links"].unasked
    assert offers["participants"].unasked


def test_the_table_names_every_way_once():
    assert set(RULES) == set(ProtectedItem)
    assert all(rule.role in (roles.VIEWER, roles.STAFF) for rule in RULES.values())


def test_an_import_in_progress_belongs_to_staff(client_as, user_as, url):
    staff = user_as(roles.STAFF)
    draft = prepare(by=staff, content=b"email\nann@example.org\n", name="x.csv")
    token = getattr(draft, "token", draft)
    answer = client_as(roles.VIEWER).get(url("people-import-preview", token))
    assert answer.status_code in (403, 404)

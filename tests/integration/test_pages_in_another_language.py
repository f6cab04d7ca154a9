"""Pages in a language of other letters: what still reads in ours, nobody could translate.

All that people typed here is Greek, so that a Latin letter is either a name of the kind that
`NAMES` lists, or a text that is not marked for translation.
"""

import re
from datetime import timedelta
from uuid import UUID
from zoneinfo import available_timezones

import pytest
from django.test import Client
from django.urls import reverse

from integrations import registry
from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.models import (
    Attendance,
    Change,
    ConferenceTemplate,
    Invitation,
    MailTemplate,
    PlatformChange,
    Recording,
    Session,
)
from portal.conferences.people.services import clauses, fields, groups, imports, people, tags
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.staff.presenters import history
from portal.sync.models import Conflict, PlatformLink, SyncRun
from tests import pseudo
from tests.browser.pages import MORE, PAGES
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    ModeratorFactory,
    RegistrationFactory,
    SeriesFactory,
    logged_in,
    room_with_dates,
    staff_url,
    user_with,
)
from tests.factories.attention import conflict, entry, held
from tests.factories.date_polls import poll_rows
from tests.factories.jobs import jobs
from tests.factories.registration_pages import registration_pages

# What is the same in every language.
NAMES = re.compile(
    r"https?://\S+|\w\S*@\S+|\w+=/\S+"  # addresses
    r"|\{\w+\}"  # what stands between braces in a mail's template
    r"|\bLectern(?: \d[\w.]*)?|\bCtrl\b|\bAlt\b|\bEsc\b"
    r"|\b(?:ClickMeeting|LiveWebinar|MyOwnConference|TrueConf|WebinarFuel)\b(?: Server)?"
    r"|\b[A-Z]\w+(?:/[\w+-]+)+|\bUTC\b|\bCES?T\b|\bGMT\b"  # zones
    r"|\b(?:Berlin|London|New York|Kolkata|Tokyo)\b"  # "08:00 in New York": a zone's own name
    r"|\b(?:CSV|XLSX|TSV|JSON|API|URL|HTML|PDF|iCal|ICS|E-mail|UTF-8|KB|MB|GB|B)\b"
)
WORDS = re.compile(r"[A-Za-z]{2,}")
ZONES = {name.replace("_", " ") for name in available_timezones()}
LIST = "Νέα <nea@example.com>\nάκυρο\nΔιπλή <nea@example.com>\n"


@pytest.fixture
def rows(db, client):
    """Name of a row -> what its address takes; the names are those of tests/browser/pages.py."""
    accounts = {
        slug: AccountFactory(platform=slug, label=f"Λογαριασμός {n}", credentials={"api_key": "κ"})
        for n, slug in enumerate(registry.slugs())
    }
    main = accounts["clickmeeting"]
    found = {"": ()} | {slug: (slug,) for slug in accounts}
    found |= {f"account on {slug}": (one.pk,) for slug, one in accounts.items()}
    found |= {f"webinar on {slug}": (_live(one).pk,) for slug, one in accounts.items()}
    found |= _webinars(main) | _people(main) | _series(main)
    found |= _attention(main)
    by = user_with(roles.STAFF, username="άννα", first_name="Άννα", last_name="Χρήστη")
    found["template"] = (ConferenceTemplate.objects.create(name="Πρότυπο").pk,)
    found["mail template"] = (_mail_template(main, by).pk,)
    found["sent mail"] = found["doubtful mail"]
    found |= jobs(found["coming"][0], by, ["Γιάννης"])
    return found | _links(main) | _asked(accounts, found)


def _mail_template(account, by):
    return MailTemplate.objects.create(
        purpose="update",
        language="en",
        account=account,
        subject="Νέα ώρα: {title}",
        text="{name}\n\n{changes}\n\n{link}",
        changed_at=clock.now(),
        changed_by=by,
    )


def _live(account):
    row = ConferenceFactory(
        account=account,
        title="Ζωντανό σεμινάριο",
        description="Περιγραφή",
        starts_at=clock.now() - timedelta(minutes=5),
    )
    PlatformLink.objects.create(
        account=account,
        kind=Kind.CONFERENCE,
        local_id=row.pk,
        external_id=f"1{row.pk}",
        facts={
            "room_url": "https://example.com/room",
            "embed_room_url": "https://example.com/room",
            "panel_url": "https://example.com/panel",
            "room_pin": "123",
            "phone_presenter_pin": "456",
        },
    )
    ModeratorFactory(conference=row, name="Ομιλήτρια")
    person = RegistrationFactory(conference=row, attendee=_person(), join_url="https://example.com")
    PlatformLink.objects.create(
        account=account, kind=Kind.REGISTRATION, local_id=person.pk, external_id=f"r{person.pk}"
    )
    PlatformLink.objects.create(
        account=account, kind=Kind.ATTENDEE, local_id=person.attendee_id, external_id=f"a{row.pk}"
    )
    return row


def _person(**values):
    given = {"first_name": "Άννα", "last_name": "Παράδειγμα", "company": "Εταιρεία"}
    return AttendeeFactory(**given | values)


def _series(account):
    """Two dates, of which one was moved by itself."""
    series = SeriesFactory(title="Σειρά", rule="FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR;COUNT=2")
    at = clock.now() + timedelta(days=9)
    first, second = (
        ConferenceFactory(
            account=account, title="Σειρά", series=series, starts_at=start, planned_at=at
        )
        for start in (at, at + timedelta(days=30))
    )
    person = AttendeeFactory(first_name="Άννα", last_name="Χρήστη")
    asked = RegistrationFactory(conference=first, attendee=person, stage="invited")
    RegistrationFactory(conference=second, attendee=person, stage="invited")
    room = room_with_dates(at.replace(microsecond=0), account=account, title="Αίθουσα")
    RegistrationFactory(conference=room, attendee=person)
    return {
        "room with dates": (room.pk,),
        "date of a room": (room.pk, f"{room.starts_at:%Y%m%dT%H%M%SZ}"),
        "series": (series.pk,),
        "date of a series": (first.pk,),
        "answer to a series": (asked.token,),
    }


def _webinars(account):
    now = clock.now()
    past = ConferenceFactory(
        account=account, title="Παλιό σεμινάριο", starts_at=now - timedelta(days=3)
    )
    session = Session.objects.create(
        conference=past, starts_at=past.starts_at, ends_at=past.starts_at + timedelta(minutes=70)
    )
    Attendance.objects.create(
        session=session,
        name="Άννα",
        email="anna@example.com",
        joined_at=session.starts_at,
        left_at=session.ends_at,
    )
    recording = Recording.objects.create(
        conference=past,
        started_at=past.starts_at,
        duration_seconds=4000,
        size_bytes=7_000_000,
    )
    speaker = ModeratorFactory(conference=past, name="Ομιλητής")
    coming = ConferenceFactory(account=account, title="Σεμινάριο", description="Περιγραφή")
    ModeratorFactory(conference=coming, name="Ομιλητής")
    made = {
        "webinar": past,
        "coming": coming,
        "draft": ConferenceFactory(account=account, draft=True, starts_at=None, title="Σχέδιο"),
        "gone": ConferenceFactory(account=account, gone_at=now, title="Χαμένο"),
        "cancelled": ConferenceFactory(
            account=account, removed_at=now, cancel_reason="Ασθένεια", title="Ματαιωμένο"
        ),
        "without a date": ConferenceFactory(
            account=account, permanent=True, starts_at=None, title="Μόνιμο"
        ),
    }
    for action in history._ACTIONS:
        for kind in ("conference", "moderator", "registration"):
            Change.objects.create(
                at=now,
                action=action,
                kind=kind,
                local_id=past.pk,
                conference=past,
                source="Πηγή",
                before={"title": "Παλιό", "duration_minutes": 30, "open": False},
                after={"title": "Νέο", "duration_minutes": 90, "open": True},
            )
    run = SyncRun.objects.create(
        account=account,
        trigger="beat",
        started_at=now - timedelta(minutes=3),
        finished_at=now,
        outcome=SyncRun.Outcome.OK,
        calls=3,
        steps=[{"do": "update there", "fields": {"title": ["Παλιό", "Νέο"]}}],
    )
    waiting = SyncRun.objects.create(
        account=account, trigger=SyncRun.DRY_RUN, full=True, started_at=now, calls=7
    )
    return {name: (row.pk,) for name, row in made.items()} | {
        "account": (account.pk,),
        "recording": (past.pk, recording.pk),
        "moderator": (past.pk, speaker.pk),
        "link of a moderator": ("moderator", speaker.pk),
        "run": (run.pk,),
        "dry run under way": (waiting.pk,),
        "coming": (coming.pk,),
    }


def _people(account):
    now = clock.now()
    one, other = _person(), _person()
    group, empty = GroupFactory(name="Ομάδα"), GroupFactory(name="Κενή")
    group.members.add(one, other)
    tags.change(one, ["Τύπος"], None)
    lines = [{"what": "tag", "value": one.tags.get().pk}, {"what": "no_tag", "value": 7}]
    lines += [
        {"what": "company_has", "value": "όνομα"},
        {"what": "attended_on", "value": account.pk},
    ]
    lines += [{"what": "company_is", "value": "όνομα"}, {"what": "registered_on", "value": 7}]
    rule = clauses.rule_of("any", lines)
    column = fields.create("Επίπεδο", "choice", ["Ένα", "Δύο"], None)
    number = fields.create("Αριθμός", "number", [], None)
    since = fields.create("Από", "date", [], None)
    values = {str(column.pk): "Ένα", str(number.pk): 5, str(since.pk): "2026-03-01"}
    people.update(one, {"own": values}, None)
    coming = account.conference_set.get(title="Σεμινάριο")
    first, second = (RegistrationFactory(conference=coming, attendee=who) for who in (one, other))
    letter = {"conference": coming, "not_before": now, "act": "invite"}
    doubtful = Invitation.objects.create(
        registration=first, to_email=one.email, state="unknown", problem="Όχι.", **letter
    )
    Invitation.objects.create(
        registration=second, to_email=other.email, state="held", problem="Όχι.", **letter
    )
    Invitation.objects.create(
        registration=first, to_email=one.email, state="failed", problem="Όχι.", **letter
    )
    refused = OutboxEntry.objects.create(
        account=account,
        kind=Kind.REGISTRATION,
        local_id=second.pk,
        state="failed",
        problem="Όχι.",
        created_at=now,
        not_before=now,
    )
    change = PlatformChange.objects.create(
        conference=coming,
        before={"title": "Παλιό", "duration_minutes": 30},
        after={"title": coming.title, "duration_minutes": 60},
        at=now,
    )
    return {
        "person": (one.pk,),
        "pair": (one.pk, other.pk),
        "group": (group.pk,),
        "empty group": (empty.pk,),
        "tag": (one.tags.get().pk,),
        "column": (column.pk,),
        "group by rule": (groups.create_by_rule("Κανόνας", "", rule, None).pk,),
        "registration": (first.pk,),
        "link of a registration": ("registration", first.pk),
        "doubtful mail": (doubtful.pk,),
        "refused": (refused.pk,),
        "change": (change.pk,),
    }


def _attention(account):
    both = {"field": "title", "ours": "Δικό μας", "theirs": "Δικό τους", "base": "Παλιό"}
    both |= {"winner": "theirs", "sentence": "Σύγκρουση."}
    for sort in (Conflict.Sort.FIELD, Conflict.Sort.REFUSED, Conflict.Sort.FLIP):
        found = conflict(account, sort, "Σύγκρουση", **both)
    entry(account, local_id=found.local_id, problem="", field_errors={"title": ["Πολύ μεγάλο."]})
    hold = held(account, "Χαμένο", reason="Λείπουν.")
    return {"conflict": (found.pk,), "hold": (hold.pk,)}


def _links(account):
    now = clock.now()
    made = {
        "waiting": {},
        "over": {"starts_at": now - timedelta(days=2)},
        "cancelled link": {"removed_at": now},
        "gone link": {"gone_at": now},
    }
    rows = {
        name: RegistrationFactory(
            attendee=_person(),
            conference=ConferenceFactory(account=account, title="Σεμινάριο", **values),
        )
        for name, values in made.items()
    }
    states = {
        "withdrawn": {"removed_at": now},
        "question": {"stage": "invited"},
        "waitlisted link": {"stage": "waitlisted", "answer": "yes"},
        "perhaps waitlisted link": {"stage": "waitlisted", "answer": "maybe"},
        "approval link": {"stage": "approval", "answer": "yes"},
        "declined link": {"removed_at": now, "answer": "no"},
        "registered link": {"answer": "yes"},
    }
    rows |= {
        name: RegistrationFactory(
            attendee=_person(),
            conference=ConferenceFactory(account=account, title="Σεμινάριο"),
            **values,
        )
        for name, values in states.items()
    }
    found = {name: (row.token,) for name, row in rows.items()}
    found |= registration_pages(account, "Σεμινάριο") | poll_rows(account, "Σεμινάριο", "Ομιλητής")
    return found | {"unknown link": (UUID(int=7),)}


def _asked(accounts, found):
    at = {slug: found[f"webinar on {slug}"][0] for slug in accounts}
    of = {
        slug: PlatformLink.objects.filter(account=one, kind=Kind.ATTENDEE).get().local_id
        for slug, one in accounts.items()
    }
    moderators = accounts["myownconference"].conference_set.get().moderators.get()
    registered = accounts["trueconf"].conference_set.get().registrations.get()
    there = f"{Kind.ATTENDEE}-{accounts['trueconf'].pk}"
    return {
        "form of an action": ("conference", at["myownconference"], "bot_add"),
        "action with a warning": ("conference", at["trueconf"], "stop"),
        "action with a file": ("conference", at["clickmeeting"], "upload_file"),
        "about a moderator": (Kind.MODERATOR, moderators.pk),
        "about a registration": (Kind.REGISTRATION, registered.pk),
        "about a person": (there, of["trueconf"]),
    }


# Not looked at here, and why.
LEFT_OUT = {
    "mail": "somebody's mails, in the demo alone",
    "mail-message": "somebody's mails, in the demo alone",
}
NO_ROW = {"answer": "asks a platform"}


def _ours(html):
    """The texts of a page, without what is the same in every language, that are in our letters."""
    texts = set(pseudo.Visible(html).texts) - ZONES
    return sorted(text for text in texts if WORDS.search(NAMES.sub("", text)))


def _looked_at():
    for name, states in PAGES.items():
        for state in states:
            if name not in LEFT_OUT and state not in NO_ROW:
                yield name, state, ""
    for name, state, query in MORE:
        if name not in LEFT_OUT:
            yield name, state, query


def _pressed(rows):
    """What a form or a button answers: the page that asks, or what was done."""
    other = rows["account on trueconf"][0]
    start = {"account": rows["account"][0], "title": "Νέο", "refresh": "all", "date": "2031-03-03"}
    typed = start | {"time": "10:00", "timezone": "Europe/Berlin", "duration_minutes": "45"}
    yield "schedule", "", {"title": ""}
    yield "schedule", "", typed
    yield "conference-edit", "coming", typed
    yield "conference-edit", "coming", {"title": ""}
    yield "conference-move", "coming", {"account": other, "how": "move", "preview": "1"}
    yield "conference-move", "coming", {"account": other, "how": "copy", "preview": "1"}
    yield "conference-cancel", "coming", {"preview": "1", "note": "Λόγος"}
    yield "conference-publish", "draft", {}
    yield "conference-duplicate", "coming", {}
    yield "conference-open", "coming", {}
    yield "moderator-assign", "coming", {"email": "nea@example.com", "name": "Νέα", "role": "host"}
    yield "moderator-edit", "moderator", {"name": "Νέα", "role": "host"}
    yield "registrations", "coming", {"action": "withdraw"}
    yield "invite", "coming", {"who": "Νέα <nea@example.com>", "action": "preview"}
    yield "invite", "coming", {"who": "λέξη", "action": "preview"}
    yield "invite", "coming", {"who": "Νέα <nea@example.com>", "action": "send", "tell": "no"}
    yield "group-members", "group", {"who": "Νέα <nea@example.com>", "action": "add"}
    yield "group-members", "group", {"who": "λέξη", "action": "add"}
    yield "group-edit", "group", {"name": "Άλλη"}
    yield "group-delete", "empty group", {}
    yield "column-new", "", {"name": "", "kind": "choice"}
    yield "column-new", "", {"name": "Ονομα", "kind": "text"}
    yield "column-new", "", {"name": "Τμήμα", "kind": "choice", "choices": ""}
    yield "column-new", "", {"name": "Τμήμα", "kind": "yes_no"}
    yield "column-edit", "column", {"name": "Τμήμα", "choices": "Ένα"}
    yield "column-edit", "column", {"name": "Επίπεδα", "choices": "Ένα"}
    line = {"name": "Κανόνας", "join": "all", "what": "tag", "value": "Άγνωστη"}
    yield "group-rule-new", "", {"action": "add", "more": "domain"}
    yield "group-rule-new", "", line | {"action": "save"}
    yield "group-rule-new", "", {"name": "Κανόνας", "action": "save"}
    yield "group-rule", "group by rule", line | {"what": "own:77", "action": "save"}
    yield "group-rule", "group by rule", line | {"what": "country", "action": "save"}
    yield "group-rule", "group by rule", line | {"what": "attended", "action": "save"}
    yield "group-rule", "group by rule", line | {"what": "attended_on", "action": "save"}
    yield (
        "group-rule",
        "group by rule",
        line | {"what": f"own:{rows['column'][0]}", "action": "count"},
    )
    yield "group-members", "group by rule", {"who": "", "action": "add"}
    yield "people-tag", "", {"which": "all", "tags": "Νέα, Τύπος", "way": "put"}
    yield "people-tag", "", {"which": "all", "tags": "Άγνωστη", "way": "take"}
    yield "person-tags", "person", {"tags": "Τύπος", "way": "take"}
    yield "tag-rename", "tag", {"name": "Νέα"}
    yield "tag-rename", "tag", {"name": "Άλλη"}
    yield "tag-merge", "tag", {"into": "Άγνωστη"}
    yield "tag-merge", "tag", {"into": "Νέα"}
    yield "person-new", "", {"email": "άκυρο"}
    yield "person-new", "", {"email": "alli@example.com", "first_name": "Άλλη"}
    yield "person-edit", "person", {"email": "anna.nea@example.com", "first_name": "Άννα"}
    yield "people-import", "", {"text": "άκυρο"}
    yield "people-import-preview", "import", {"known": "keep", "action": "import"}
    yield "people-merge-pair", "pair", {}
    yield "people-merge-pair", "pair", {"keep": str(rows["pair"][0])}
    yield "platform-change", "change", {"tell": "no"}
    yield "entry-retry", "refused", {}
    yield "entry-dismiss", "refused", {}
    yield "mail-dismiss", "doubtful mail", {}
    yield "hold-keep", "hold", {}
    yield "conflict-resolve", "conflict", {"choice": "ours"}
    yield "recording-delete", "recording", {}
    yield "account-pause", "account", {"paused": "1"}
    yield "account-sync", "account", {}
    yield "account-pause", "account", {"paused": "0"}
    yield "account-connect", "clickmeeting", {"label": ""}
    yield "account-connect", "trueconf", {"label": "Νέος", "base_url": "άκυρο"}
    yield "account-remove", "account on clickmeeting", {}
    yield "account-test", "account on clickmeeting", {}
    yield "ask", "form of an action", {"name": "Όνομα"}
    yield "ask", "action with a warning", {}
    yield "mail-retry", "doubtful mail", {"tell": "no"}
    yield "registration-withdraw", "registration", {"tell": "no", "do": "1"}
    yield "registration-withdraw", "registration", {}
    saved = typed | {"version": "1", "shown": rows["account"][0]}
    del saved["refresh"]
    yield "schedule", "", saved
    yield "schedule", "", saved | {"draft": "1"}
    yield "schedule", "", saved | {"time": "25:00", "timezone": "x", "duration_minutes": "0"}
    yield "conference-edit", "coming", saved
    yield "conference-edit", "coming", saved | {"version": "99"}
    yield "conference-gone", "gone", {"choice": "cancel", "tell": "no", "do": "1"}
    day = {"date": "2094-03-02", "time": "10:00", "timezone": "UTC", "duration_minutes": 30}
    for pressed in ({}, {"tell": "no", "do": "1"}):
        yield "room-date-move", "date of a room", day | {"extent": "following"} | pressed
        yield "room-date-add", "room with dates", day | pressed
        yield "room-date-skip", "date of a room", pressed
    yield "conference-cancel", "coming", {"tell": "no", "do": "1"}
    yield "conference-cancel", "coming", {"tell": "no", "do": "1"}


def test_no_page_shows_a_text_that_cannot_be_translated(rows):
    client = logged_in(roles.ADMINISTRATOR)
    client.user.first_name, client.user.last_name = "Μαρία", "Χρήστη"
    client.user.username = "μαρία"
    client.user.save()
    found = {}
    with pseudo.spoken():
        rows["import"] = (imports.prepare(by=client.user, text=LIST),)
        for name, state, query in _looked_at():
            answer = client.get(staff_url(name, *rows[state]) + query)
            assert answer.status_code in (200, 404, 410), (name, state, answer.status_code)
            found[f"{name} {state}{query}"] = _ours(answer.content.decode())
        for name, state, sent in _pressed(rows):
            answer = client.post(staff_url(name, *rows[state]), sent, follow=True)
            assert answer.status_code in (200, 422), (name, state, sent, answer.status_code)
            found[f"{name} {state} {sent}"] = _ours(answer.content.decode())
    assert not {page: texts for page, texts in found.items() if texts}


def test_nor_does_a_page_that_says_why_a_button_is_off(rows):
    client = logged_in(roles.VIEWER)
    client.user.first_name, client.user.username = "Μαρία", "μαρία"
    client.user.save()
    pages = [("home", ""), ("group", "group"), ("person", "person"), ("account", "account")]
    pages += [(f"conference{tab}", "coming") for tab in ("", "-people", "-mails", "-live")]
    pages += [("conference-recordings", "webinar"), ("attention", ""), ("registrations", "coming")]
    found = {}
    with pseudo.spoken():
        for name, state in pages:
            answer = client.get(staff_url(name, *rows[state]))
            assert answer.status_code in (200, 403), (name, answer.status_code)
            found[name] = _ours(answer.content.decode())
    assert not {page: texts for page, texts in found.items() if texts}


def test_nor_do_the_pages_of_signing_in_and_of_what_is_not_there(db):
    inside, outside = logged_in(roles.STAFF), Client()
    inside.user.username = "μαρία"
    inside.user.save()
    with pseudo.spoken():
        answers = [
            outside.get(reverse("login")),
            outside.post(reverse("login"), {"username": "κ", "password": "λ"}),
            outside.post(staff_url("schedule"), {"title": "Νέο"}),  # its session has ended
            inside.get(reverse("password_change")),
            inside.post(reverse("password_change"), {"old_password": "λ", "new_password1": "μ"}),
            inside.get("/nothing/"),
        ]
        pages = [_ours(answer.content.decode()) for answer in answers]
    assert not any(pages), pages


def test_a_text_that_is_not_marked_would_be_found():
    said = pseudo.translated("Moved to %(account)s by <b>%(n)d</b>") % {"account": "Ω", "n": 3}
    assert _ours(f"<p>{said}</p>") == []
    assert _ours("<p>Moved to Ω</p>") == ["Moved to Ω"]
    assert _ours('<a title="Open">Ω</a>') == ["Open"]
    said = pseudo.translated("Moved to %(where)s") % {"where": "another account"}
    assert len(_ours(f"<p>{said}</p>")) == 1
    assert _ours("<p>ClickMeeting, anna@example.com</p><script>Moved</script>") == []

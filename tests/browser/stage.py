"""The rows that the list of pages names: all platforms synced once, and each state that shows."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives, get_connection

from integrations import registry
from integrations.base.records import Kind
from portal.common import clock
from portal.conferences.audience.services import invite
from portal.conferences.mails.services import copies, letters
from portal.conferences.mails.services.drafting import compose
from portal.conferences.models import (
    Conference,
    Invitation,
    MailTemplate,
    Moderator,
    PlatformChange,
    Recording,
    Registration,
)
from portal.conferences.people.services import clauses, fields, groups, imports, people, tags
from portal.conferences.people.services.selection import Selection
from portal.conferences.schedule.services import templates
from portal.outbox.models import OutboxEntry
from portal.platforms.models import PlatformAccount
from portal.staff import demo_mailbox
from portal.sync import engine
from portal.sync.models import Conflict, SyncRun
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    ModeratorFactory,
    RegistrationFactory,
    SeriesFactory,
    room_with_dates,
)
from tests.factories.attention import conflict, entry, held
from tests.factories.date_polls import poll_rows
from tests.factories.jobs import jobs
from tests.factories.registration_pages import registration_pages

LONG = (
    "Donaudampfschifffahrtsgesellschaft: the briefing for dealers, partners and everyone else " * 2
)
LIST = "email,first name\nnew@example.com,New\nattendee,No address\nnew@example.com,Twice\n"
PACE = 100_000  # requests a minute: the sandbox's own limits are not what is looked at here
Rows = dict[str, tuple[Any, ...]]


def build(sandbox: Any, by: Any) -> Rows:
    """Name of a row -> what its address takes. `by` is who looks at the pages."""
    rows: Rows = {"": ()}
    for slug in registry.slugs():
        rows |= _platform(sandbox, slug)
    main = PlatformAccount.objects.get(platform="clickmeeting")
    _asks_for_attention(main)
    rows |= {
        "conflict": (Conflict.objects.latest("pk").pk,),
        "dry run under way": (_dry_run(main),),
    }
    rows |= _series(main)
    rows |= _webinars(main) | _people(main, by) | _links(main) | _actions(rows)
    return rows | jobs(rows["coming"][0], by, ["Ann Example", LONG])


def _dry_run(account: PlatformAccount) -> int:
    """One that no worker has taken up so far."""
    run = SyncRun.objects.create(
        account=account, trigger=SyncRun.DRY_RUN, full=True, started_at=clock.now(), calls=7
    )
    return int(run.pk)


def _platform(sandbox: Any, slug: str) -> Rows:
    account = AccountFactory(
        platform=slug,
        label=registry.room(slug).name,
        base_url=sandbox.base_url(slug),
        credentials=sandbox.credentials(slug),
        requests_per_minute=PACE,
    )
    run = engine.sync_account(account.pk, trigger="command", full=True)
    assert run.outcome == SyncRun.Outcome.OK, f"{slug}: {run.problem}"
    running = [row for row in account.conference_set.all() if row.state == Conference.State.LIVE]
    return {
        slug: (slug,),
        f"account on {slug}": (account.pk,),
        f"webinar on {slug}": (max(running, key=lambda row: row.starts_at).pk,),
    }


def _webinars(account: PlatformAccount) -> Rows:
    past = account.conference_set.filter(recordings__isnull=False).first()
    moderator = ModeratorFactory(conference=past, name=LONG[:120])
    coming = account.conference_set.filter(starts_at__gt=clock.now()).order_by("starts_at").first()
    made = {
        "draft": ConferenceFactory(account=account, draft=True, starts_at=None, title=LONG),
        "gone": ConferenceFactory(account=account, gone_at=clock.now()),
        "cancelled": ConferenceFactory(
            account=account, removed_at=clock.now(), cancel_reason="The speaker is ill."
        ),
        "without a date": account.conference_set.filter(permanent=True).first(),
        "webinar": past,
        "coming": coming,
        "run": SyncRun.objects.exclude(trigger=SyncRun.DRY_RUN).first(),
        "account": account,
    }
    recording = Recording.objects.filter(conference=past).first()
    return {name: (row.pk,) for name, row in made.items()} | {
        "moderator": (past.pk, moderator.pk),
        "link of a moderator": ("moderator", moderator.pk),
        "recording": (past.pk, recording.pk),
    }


def _series(account: PlatformAccount) -> Rows:
    """A series of which one date was moved by itself, and one was cancelled."""
    series = SeriesFactory(title=LONG)
    first = clock.now() + timedelta(days=60)
    rows = []
    for week in range(4):
        at = first + timedelta(weeks=week)
        row = ConferenceFactory(
            account=account, title=LONG, starts_at=at, planned_at=at, series=series
        )
        rows.append(row)
    Conference.objects.filter(pk=rows[1].pk).update(starts_at=first + timedelta(days=9))
    Conference.objects.filter(pk=rows[2].pk).update(removed_at=clock.now())
    person = AttendeeFactory()
    asked = [
        RegistrationFactory(conference=row, attendee=person, stage=Registration.Stage.INVITED)
        for row in (rows[0], rows[1], rows[3])
    ]
    room = room_with_dates(first.replace(microsecond=0), account=account, title=LONG)
    return {
        "room with dates": (room.pk,),
        "date of a room": (room.pk, f"{room.starts_at:%Y%m%dT%H%M%SZ}"),
        "series": (series.pk,),
        "date of a series": (rows[0].pk,),
        "answer to a series": (asked[0].token,),
    }


def _people(account: PlatformAccount, by: Any) -> Rows:
    one = AttendeeFactory(first_name="Ann", last_name="Example", company=LONG[:150])
    other = AttendeeFactory(first_name="Ann", last_name="Example")
    group = GroupFactory(name=LONG[:90])
    group.members.add(one, other)
    tags.change(one, ["Press", LONG[:60]], by)
    first = account.conference_set.first()
    lines = [
        {"what": "tag", "value": one.tags.first().pk},
        {"what": "domain", "value": "example.com"},
    ]
    lines += [
        {"what": "not_registered", "value": first.pk},
        {"what": "attended_on", "value": account.pk},
    ]
    rule = clauses.rule_of("any", lines)
    column = fields.create("Level", "choice", ["Gold", "Silver"], None)
    people.update(one, {"own": {str(column.pk): "Gold"}}, by)
    coming = account.conference_set.filter(starts_at__gt=clock.now()).order_by("starts_at").first()
    invite.send(coming, Selection(people=[one, other]), by=by)
    registration = coming.registrations.get(attendee=one)
    rows = {
        "person": one,
        "group": group,
        "empty group": GroupFactory(),
        "tag": one.tags.first(),
        "group by rule": groups.create_by_rule("Press", "", rule, by),
        "column": column,
        "registration": registration,
    }
    return (
        {name: (row.pk,) for name, row in rows.items()}
        | {
            "pair": (one.pk, other.pk),
            "import": (imports.prepare(by=by, text=LIST),),
            "mail": _mail(),
            "sent mail": (_sent(registration).pk,),
            "mail template": (_mail_template(account).pk,),
            "template": (templates.save_as(coming, "Briefing", account, by).pk,),
            "link of a registration": ("registration", registration.pk),
        }
        | _told(coming)
    )


def _told(coming: Conference) -> Rows:
    """What people were told, and what they were not: the pages that ask before a mail."""
    now = clock.now()
    one, other = coming.registrations.order_by("-pk")[:2]
    letter = {"conference": coming, "not_before": now, "act": "invite"}
    doubtful = Invitation.objects.create(
        registration=one,
        to_email=one.attendee.email,
        state="unknown",
        problem="It was cut off.",
        **letter,
    )
    refused = OutboxEntry.objects.create(
        account=coming.account,
        kind=Kind.REGISTRATION,
        local_id=other.pk,
        state="failed",
        problem="Not on our list.",
        created_at=now,
        not_before=now,
    )
    other.invitations.update(state="held", problem="Not accepted.")
    change = PlatformChange.objects.create(
        conference=coming, before={"title": "The old title"}, after={"title": coming.title}, at=now
    )
    return {"doubtful mail": (doubtful.pk,), "refused": (refused.pk,), "change": (change.pk,)}


def _sent(person: Registration) -> Invitation:
    """One that has left, with what it said."""
    letter = Invitation.objects.create(
        conference=person.conference,
        registration=person,
        to_email=person.attendee.email,
        state=Invitation.State.SENT,
        not_before=clock.now(),
        sent_at=clock.now(),
    )
    content = compose(letter)
    letter.subject = letters.subject(content)
    letter.save()
    copies.keep([letter], letters.write(content, letter), [content])
    return letter


def _mail_template(account: PlatformAccount) -> MailTemplate:
    return MailTemplate.objects.create(
        purpose="update",
        language="de",
        account=account,
        subject=f"{LONG} {{when}}"[:200],
        text="Hallo {name},\n\n{title}\n{when}\n\n{changes}\n\n{link}",
        changed_at=clock.now(),
    )


def _mail() -> tuple[str, int]:
    """A mail in the demo's mailbox, as the settings of the moment place it."""
    mail = EmailMultiAlternatives("Invitation", "Hello", to=["ann@example.com"])
    mail.attach_alternative("<html><head></head><body><p>Hello</p></body></html>", "text/html")
    get_connection("django.core.mail.backends.filebased.EmailBackend").send_messages([mail])
    found = demo_mailbox.mails("")[0]
    return found.name, found.number


def _links(account: PlatformAccount) -> Rows:
    """The page that people outside get, in each of its states."""
    now = clock.now()
    made = {
        "waiting": RegistrationFactory(conference=ConferenceFactory(account=account)),
        "over": RegistrationFactory(
            conference=ConferenceFactory(account=account, starts_at=now - timedelta(days=2))
        ),
        "cancelled link": RegistrationFactory(
            conference=ConferenceFactory(account=account, removed_at=now, title=LONG)
        ),
        "withdrawn": RegistrationFactory(
            conference=ConferenceFactory(account=account), removed_at=now
        ),
        "question": RegistrationFactory(
            conference=ConferenceFactory(account=account, title=LONG), stage="invited"
        ),
        "waitlisted link": RegistrationFactory(
            conference=ConferenceFactory(account=account, title=LONG),
            stage="waitlisted",
            answer="yes",
        ),
        "perhaps waitlisted link": RegistrationFactory(
            conference=ConferenceFactory(account=account, title=LONG),
            stage="waitlisted",
            answer="maybe",
        ),
        "approval link": RegistrationFactory(
            conference=ConferenceFactory(account=account, title=LONG),
            stage="approval",
            answer="yes",
        ),
        "declined link": RegistrationFactory(
            conference=ConferenceFactory(account=account), removed_at=now, answer="no"
        ),
        "registered link": RegistrationFactory(
            conference=ConferenceFactory(account=account), answer="yes"
        ),
        "gone link": RegistrationFactory(
            conference=ConferenceFactory(account=account, gone_at=now)
        ),
    }
    found: Rows = {name: (row.token,) for name, row in made.items()}
    found |= registration_pages(account, LONG) | poll_rows(account, LONG)
    return found | {"unknown link": (UUID(int=7),)}


def _actions(rows: Rows) -> Rows:
    """Forms, answers, and what can be asked about a row that has no page of its own."""
    at = {slug: rows[f"webinar on {slug}"][0] for slug in registry.slugs()}
    moderator = Moderator.objects.filter(conference__account__platform="myownconference").first()
    person = Registration.objects.filter(conference=at["trueconf"]).first()
    there = f"{Kind.ATTENDEE}-{rows['account on trueconf'][0]}"
    return {
        "form of an action": ("conference", at["myownconference"], "bot_add"),
        "action with a warning": ("conference", at["trueconf"], "stop"),
        "action with a file": ("conference", at["clickmeeting"], "upload_file"),
        "answer": ("conference", at["trueconf"], "participants"),
        "about a moderator": (Kind.MODERATOR, moderator.pk),
        "about a registration": (Kind.REGISTRATION, person.pk),
        "about a person": (there, person.attendee_id),
    }


def _asks_for_attention(account: PlatformAccount) -> None:
    """A conflict, a refused entry and a hold, as the page of what needs somebody shows them."""
    found = conflict(account, title=LONG)
    entry(account, local_id=found.local_id, field_errors={"title": ["Too long for them."]})
    held(account)

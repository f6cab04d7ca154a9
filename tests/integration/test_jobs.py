"""Long work: a worker does it part by part, whatever happens in between; its page is true."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.common.batches import PART
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences import tasks
from portal.conferences.audience.services import invite, registrations
from portal.conferences.jobs import queries, services
from portal.conferences.models import (
    Attendee,
    AttendeeGroup,
    Change,
    Conference,
    Invitation,
    Job,
    Membership,
    Registration,
)
from portal.conferences.people.services import groups, imports
from portal.conferences.people.services.selection import gather
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync import engine, restoring
from tests.factories import AttendeeFactory, ConferenceFactory, GroupFactory

pytestmark = pytest.mark.django_db
MANY = 2 * PART + 5  # three parts, and more than is done at once
State = Job.State


@pytest.fixture(autouse=True)
def quick(settings, tmp_path, monkeypatch):
    """Nothing else is written to here: nobody has to be given way to."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(services, "_give_way", lambda seconds: None)


@pytest.fixture
def sent(monkeypatch):
    """The messages that went to a broker."""
    found = []
    monkeypatch.setattr(services, "enqueue", found.append)
    return found


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def conference():
    return ConferenceFactory(registration_enabled=True)


def addresses(number, prefix="p"):
    return "\n".join(f"{prefix}{n}@example.com" for n in range(number))


def ask(conference, by, number=MANY, **how):
    """A job that invites so many."""
    plan = invite.plan(conference, gather(addresses(number)))
    return services.invite(conference, plan, invite.How(by, **how))


def post(staff, url, conference, **data):
    return staff.post(
        url("invite", conference.pk), {"action": "send", "tell": "yes", "register": "on", **data}
    )


def dies_in_part(monkeypatch, number, error=SystemExit):
    """The worker is killed while it invites the part of this number."""
    real, parts = invite.send_part, []

    def part(*given):
        parts.append(given)
        done = real(*given)
        if len(parts) == number:
            raise error
        return done

    monkeypatch.setattr(invite, "send_part", part)


def once_each(conference, number=MANY):
    """Each is registered, written to, and asked of the platform once."""
    assert conference.registrations.count() == number
    assert Invitation.objects.count() == number
    assert OutboxEntry.objects.filter(kind="registration").count() == number
    assert Attendee.objects.count() == number


def test_many_are_invited_by_a_worker(staff, url, conference, sent):
    answer = post(staff, url, conference, who=addresses(MANY), note="Hi", press="form")
    job = Job.objects.get()
    assert answer.url == url("job", job.pk)
    assert (job.state, job.total, job.asked_by) == (State.WAITING, MANY, staff.user)
    assert not conference.registrations.exists()
    assert f"0 of {MANY} people" in staff.get(answer.url).content.decode()
    tasks.carry_out(job.pk)
    once_each(conference)
    assert Invitation.objects.filter(note="Hi").count() == MANY
    job.refresh_from_db()
    assert (job.state, job.done, job.people) == (State.DONE, MANY, [])
    page = staff.get(answer.url).content.decode()
    assert f"{MANY} people are invited." in page
    assert url("conference-people", conference.pk) in page
    lines = Change.objects.filter(action="invited", kind="conference")
    assert [str(line) for line in lines] == [f"Invited {MANY} people"]
    assert lines.get().actor == staff.user


def test_the_page_asks_again_only_while_it_goes_on(staff, url, conference, sent):
    job = ask(conference, staff.user)
    address = url("job", job.pk)
    for page in (address, url("conference-people", conference.pk), url("invite", conference.pk)):
        assert address in staff.get(page).content.decode()
    part = staff.get(address, headers={"HX-Request": "true"})
    assert b"every 1s" in part.content
    assert b"<html" not in part.content
    assert "HX-Refresh" not in part
    tasks.carry_out(job.pk)
    part = staff.get(address, headers={"HX-Request": "true"})
    assert b"every 1s" not in part.content
    assert part["HX-Refresh"] == "true"
    assert address not in staff.get(url("conference-people", conference.pk)).content.decode()


def test_one_form_is_one_job(staff, url, conference, sent):
    data = {"who": addresses(MANY), "press": "form"}
    first = post(staff, url, conference, **data)
    assert post(staff, url, conference, **data).url == first.url
    tasks.carry_out(Job.objects.get().pk)
    assert post(staff, url, conference, **data).url == first.url
    assert Job.objects.count() == 1
    once_each(conference)


def test_the_page_before_it_names_its_form(staff, url, conference):
    data = {"action": "preview", "who": addresses(MANY)}
    pages = [staff.post(url("invite", conference.pk), data).content.decode() for _ in range(2)]
    first, second = (re.search(r'name="press" value="(\w{32})"', page)[1] for page in pages)
    assert first != second
    data |= {"press": first}
    again = staff.post(url("invite", conference.pk), data).content.decode()
    assert first in again


@pytest.mark.parametrize("press", ["a\x00b", "x" * 500, "\ud800", "<b>"])
def test_a_form_that_names_itself_oddly(staff, url, conference, sent, press):
    answer = post(staff, url, conference, who=addresses(MANY), press=press.encode(errors="replace"))
    assert answer.status_code in (302, 422)


def test_an_import_for_a_webinar_that_is_gone_by_then(staff, url, conference, sent):
    file = SimpleUploadedFile("list.csv", LIST.encode())
    page = staff.post(url("invite-list", conference.pk), {"file": file}).url
    conference.delete()
    staff.post(page, {"action": "import", "known": "keep"})
    tasks.carry_out(Job.objects.get().pk)
    assert Attendee.objects.count() == MANY


def test_two_forms_for_the_same_people_invite_each_once(staff, url, conference, sent):
    for press in ("one", "two"):
        post(staff, url, conference, who=addresses(MANY), press=press)
    assert Job.objects.count() == 2
    for job in Job.objects.order_by("pk"):
        tasks.carry_out(job.pk)
    once_each(conference)
    last = Job.objects.first()
    assert last.state == State.DONE
    assert "invited already" in staff.get(url("job", last.pk)).content.decode()


@pytest.mark.parametrize("part", [1, 2, 3])
def test_a_worker_that_is_killed_within_a_part_loses_and_repeats_nothing(
    staff, conference, clock, part, sent
):
    job = ask(conference, staff.user)
    with pytest.MonkeyPatch.context() as patch:
        dies_in_part(patch, part)
        with pytest.raises(SystemExit):
            tasks.carry_out(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == (State.RUNNING, PART * (part - 1))
    assert conference.registrations.count() == job.done
    sent.clear()
    tasks.enqueue_jobs()
    assert not sent, "its lease has not ended: it may be alive"
    clock.advance(services.LEASE.total_seconds() + 1)
    tasks.enqueue_jobs()
    assert sent == [job.pk]
    tasks.carry_out(job.pk)
    once_each(conference)
    assert Change.objects.filter(action="invited", kind="conference").count() == 1


def test_a_worker_that_was_taken_for_dead_keeps_nothing_more(staff, conference, clock, sent):
    job = ask(conference, staff.user)
    first = services._claim(job.pk)
    clock.advance(services.LEASE.total_seconds() + 1)

    def acts():
        pytest.fail("it acted without its lease")

    with pytest.raises(services.JobLost):
        services._keep(first, PART, acts)  # nobody took over, but its time is over
    second = services._claim(job.pk)
    with pytest.raises(services.JobLost):
        services._keep(first, PART, acts)
    services._stop(first, "I give up")
    services._parts(second)
    once_each(conference)
    job.refresh_from_db()
    assert (job.state, job.problem) == (State.DONE, "")


def test_a_message_that_comes_twice_does_nothing_more(staff, conference, sent):
    job = ask(conference, staff.user)
    assert services._claim(job.pk).fence == 1
    assert services._claim(job.pk) is None
    tasks.carry_out(job.pk)
    assert not conference.registrations.exists(), "somebody is at it"
    Job.objects.update(lease_until=None)
    tasks.carry_out(job.pk)
    tasks.carry_out(job.pk)
    once_each(conference)


def test_a_lost_message_costs_only_time(staff, conference, sent):
    job = ask(conference, staff.user)
    sent.clear()
    tasks.enqueue_jobs()
    assert sent == [job.pk]
    tasks.carry_out(job.pk)
    sent.clear()
    tasks.enqueue_jobs()
    assert not sent


def test_a_broker_that_is_down_costs_only_time(
    staff, conference, monkeypatch, django_capture_on_commit_callbacks
):
    def down(*args, **kwargs):
        raise OSError

    monkeypatch.setattr(services.app, "send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(conference, staff.user)
    assert job.state == State.WAITING


def test_a_database_that_fails_is_no_persons_fault(staff, conference, sent):
    job = ask(conference, staff.user)
    with pytest.MonkeyPatch.context() as patch:
        dies_in_part(patch, 2, OperationalError("database is locked"))
        with pytest.raises(OperationalError):
            tasks.carry_out(job.pk)
    job.refresh_from_db()
    assert (job.done, job.problems) == (PART, [])
    tasks.enqueue_jobs()
    assert sent[-1] == job.pk, "at once: no worker is at it"
    tasks.carry_out(job.pk)
    once_each(conference)


def test_one_who_cannot_be_kept_keeps_nobody_else_out(staff, url, conference, monkeypatch, sent):
    job = ask(conference, staff.user)
    real = invite.send_part

    def part(row, some, how):
        if any(one.email == "p30@example.com" for one in some.newcomers):
            raise DataError
        return real(row, some, how)

    monkeypatch.setattr(invite, "send_part", part)
    tasks.carry_out(job.pk)
    once_each(conference, MANY - 1)
    job.refresh_from_db()
    assert (job.state, job.done, job.counts["failed"]) == (State.DONE, MANY, 1)
    page = staff.get(url("job", job.pk)).content.decode()
    assert "1 person was left out:" in page
    assert "p30@example.com" in page
    assert "could not be saved" in page


def test_of_very_many_problems_the_first_are_named(staff, conference, monkeypatch, sent):
    monkeypatch.setattr(services, "MOST_PROBLEMS", 10)

    def part(*given):
        raise DataError

    monkeypatch.setattr(invite, "send_part", part)
    job = ask(conference, staff.user)
    tasks.carry_out(job.pk)
    job.refresh_from_db()
    assert (len(job.problems), job.counts["failed"]) == (10, MANY)


def test_whoever_was_deleted_or_merged_meanwhile(staff, conference, sent):
    people = AttendeeFactory.create_batch(MANY)
    group = GroupFactory()
    group.members.add(*people)
    plan = invite.plan(conference, gather(group_ids=[group.pk]))
    job = services.invite(conference, plan, invite.How(staff.user))
    people[0].delete()
    people[1].merged_into = people[2]
    people[1].save()
    tasks.carry_out(job.pk)
    job.refresh_from_db()
    assert (job.state, job.counts["failed"]) == (State.DONE, 1)
    registered = set(conference.registrations.values_list("attendee", flat=True))
    assert registered == {one.pk for one in people[2:]}


def test_cancelled_it_does_no_more_and_says_what_stays(staff, url, conference, sent):
    job = ask(conference, staff.user, note="Private words")
    with pytest.MonkeyPatch.context() as patch:
        dies_in_part(patch, 2, OperationalError)
        with pytest.raises(OperationalError):
            tasks.carry_out(job.pk)
    asks = staff.get(url("job-cancel", job.pk)).content.decode()
    said = f"{PART} people are invited and stay invited. The other {MANY - PART} are not invited."
    assert said in asks
    job.refresh_from_db()
    assert job.open, "asking changes nothing"
    answer = staff.post(url("job-cancel", job.pk))
    assert answer.url == url("job", job.pk)
    tasks.carry_out(job.pk)
    assert conference.registrations.count() == PART
    job.refresh_from_db()
    assert (job.state, job.people, job.ended_by) == (State.CANCELLED, [], staff.user)
    assert "note" not in job.arguments
    page = staff.get(url("job", job.pk)).content.decode()
    assert said in page
    assert "Cancelled by" in page
    lines = {str(line) for line in Change.objects.filter(kind="conference")}
    assert lines == {
        f"Cancelled inviting: {MANY - PART} people were not invited",
        f"Invited {PART} people",
    }
    again = staff.post(url("job-cancel", job.pk), follow=True).content.decode()
    assert "ended already" in again


def test_whoever_begins_a_part_after_a_cancellation_does_nothing(staff, conference, sent):
    job = ask(conference, staff.user)
    claimed = services._claim(job.pk)
    services.cancel(Job.objects.get(), staff.user)
    with pytest.raises(services.JobLost):
        services._parts(claimed)
    assert not conference.registrations.exists()
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_a_right_that_is_taken_away_stops_it(staff, conference, monkeypatch, sent):
    job = ask(conference, staff.user)
    real, parts = invite.send_part, []

    def part(*given):
        parts.append(given)
        if len(parts) == 2:
            User.objects.get(pk=staff.user.pk).groups.clear()
        return real(*given)

    monkeypatch.setattr(invite, "send_part", part)
    tasks.carry_out(job.pk)
    assert conference.registrations.count() == 2 * PART
    job.refresh_from_db()
    assert (job.state, job.done, job.people) == (State.FAILED, 2 * PART, [])
    assert "no longer has the role" in str(job.problem)


@pytest.mark.parametrize("how", ["inactive", "deleted"])
def test_whoever_left_starts_nothing(staff, conference, how, sent):
    job = ask(conference, staff.user)
    if how == "inactive":
        User.objects.filter(pk=staff.user.pk).update(is_active=False)
    else:
        User.objects.get(pk=staff.user.pk).delete()
    tasks.carry_out(job.pk)
    assert not conference.registrations.exists()
    job.refresh_from_db()
    assert job.state == State.FAILED


def test_a_viewer_asks_for_nothing_and_cancels_nothing(
    staff, client_as, viewer_user, url, conference, sent
):
    with pytest.raises(NotAllowed):
        ask(conference, viewer_user)
    job = ask(conference, staff.user)
    viewer = client_as(roles.VIEWER)
    page = viewer.get(url("job", job.pk)).content.decode()
    assert url("job-cancel", job.pk) not in page
    assert viewer.post(url("job-cancel", job.pk)).status_code == 403
    with pytest.raises(NotAllowed):
        services.cancel(job, viewer_user)


def test_a_webinar_that_ends_meanwhile_stops_it(staff, url, conference, clock, sent):
    job = ask(conference, staff.user)
    conference.removed_at = clock.now()
    conference.save()
    tasks.carry_out(job.pk)
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert not conference.registrations.exists()
    assert invite.reason_against_inviting(conference) == str(job.problem)


def test_what_is_refused_at_once_is_no_job(staff, url, sent):
    conference = ConferenceFactory(registration_enabled=False)
    refused = post(staff, url, conference, who=addresses(MANY))
    assert refused.status_code == 422
    assert not Job.objects.exists()
    post(staff, url, conference, who=addresses(MANY), switch_on="on")
    conference.refresh_from_db()
    assert conference.registration_enabled
    assert Job.objects.exists()


def test_the_withdrawn_come_back_where_that_was_said(staff, conference, clock, sent):
    people = AttendeeFactory.create_batch(MANY)
    rows = [
        Registration(conference=conference, attendee=one, removed_at=clock.now()) for one in people
    ]
    Registration.objects.bulk_create(rows)
    plan = invite.plan(conference, gather(person_ids=[one.pk for one in people]))
    assert services.invite(conference, plan, invite.How(staff.user)) == invite.Done()
    job = services.invite(conference, plan, invite.How(staff.user, mail=False, again=True))
    tasks.carry_out(job.pk)
    job.refresh_from_db()
    assert job.counts["again"] == MANY
    assert not conference.registrations.exclude(removed_at=None).exists()
    assert not Invitation.objects.exists()


LIST = "email,first name,company\n" + "".join(
    f"i{n}@example.com,First{n},Firm\n" for n in range(MANY)
)


def start_import(staff, url, text=LIST, **data):
    return staff.post(url("people-import"), {"text": text, **data}).url


def test_many_are_imported_by_a_worker(staff, url, sent):
    AttendeeFactory(email="i0@example.com", first_name="", company="")
    page = start_import(staff, url, LIST + "no address,X,\ni1@example.com,Twice,\n", new_group="G")
    answer = staff.post(page, {"action": "import", "known": "fill"})
    job = Job.objects.get()
    assert answer.url == url("job", job.pk)
    assert url("job", job.pk) in staff.get(url("people")).content.decode()
    assert staff.post(page, {"action": "import", "known": "fill"}).url == answer.url
    assert staff.get(page).url == answer.url
    assert Job.objects.count() == 1
    tasks.carry_out(job.pk)
    group = AttendeeGroup.objects.get(name="G")
    assert Membership.objects.filter(group=group).count() == Attendee.objects.count() == MANY
    assert Attendee.objects.get(email="i0@example.com").company == "Firm"
    assert Attendee.objects.get(email="i1@example.com").first_name == "First1"
    shown = staff.get(answer.url).content.decode()
    said = f"Imported: {MANY - 1} added, 1 updated, 0 unchanged, 2 left out."
    assert f"{said} {MANY} put into G." in shown
    assert url("group", group.pk) in shown


def test_people_of_an_import_can_be_invited_after_it(staff, url, conference, sent):
    page = start_import(staff, url)
    address = staff.post(page, {"action": "import", "known": "keep"}).url
    tasks.carry_out(Job.objects.get().pk)
    shown = staff.get(address).content.decode()
    token = Job.objects.get().token
    assert f"{url('people-invite')}?import={token}" in shown
    box = staff.get(url("invite", conference.pk), {"import": token}).content.decode()
    assert "i0@example.com" in box


def test_an_import_that_is_cut_off_goes_on_where_it_was(staff, url, clock, sent):
    page = start_import(staff, url, new_group="G")
    staff.post(page, {"action": "import", "known": "take"})
    job = Job.objects.get()
    real, parts = imports.apply_part, []

    def part(*given):
        parts.append(given)
        done = real(*given)
        if len(parts) == 2:
            raise SystemExit
        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imports, "apply_part", part)
        with pytest.raises(SystemExit):
            tasks.carry_out(job.pk)
    assert Attendee.objects.count() == PART
    clock.advance(services.LEASE.total_seconds() + 1)
    tasks.carry_out(job.pk)
    job.refresh_from_db()
    assert (job.state, job.counts["created"], job.counts["joined"]) == (State.DONE, MANY, MANY)
    assert Attendee.objects.count() == MANY


def test_a_group_that_is_deleted_meanwhile_stops_an_import(staff, url, sent):
    group = GroupFactory()
    page = start_import(staff, url, group=group.pk)
    address = staff.post(page, {"action": "import", "known": "keep"}).url
    group.delete()
    tasks.carry_out(Job.objects.get().pk)
    assert not Attendee.objects.exists()
    shown = staff.get(address).content.decode()
    assert "The group was deleted meanwhile" in shown
    assert "Nobody is imported yet" in shown


def test_a_restored_database_repeats_no_job(staff, url, conference, sent, settings, tmp_path):
    settings.GENERATION_FILE = str(tmp_path / "generation.json")
    job = ask(conference, staff.user)
    assert services.generation.tick()
    seen = json.loads((tmp_path / "generation.json").read_text())
    (tmp_path / "generation.json").write_text(json.dumps({mark: n + 5 for mark, n in seen.items()}))
    tasks.carry_out(job.pk)
    assert not conference.registrations.exists()
    restoring.after_restore()
    job.refresh_from_db()
    assert (job.state, job.people) == (State.FAILED, [])
    assert "restored" in staff.get(url("job", job.pk)).content.decode()
    tasks.carry_out(job.pk)
    assert not conference.registrations.exists()


def test_old_jobs_are_forgotten_and_open_ones_kept(staff, conference, clock, sent):
    done, waits = ask(conference, staff.user), ask(conference, staff.user)
    tasks.carry_out(done.pk)
    tasks.prune()
    assert Job.objects.count() == 2
    clock.advance(timedelta(days=31).total_seconds())
    tasks.prune()
    assert Job.objects.get() == waits


def test_time_left_is_by_its_own_pace(staff, conference, clock, sent):
    job = ask(conference, staff.user, 100)
    assert queries.time_left(job) is None
    job.started_at = clock.now()
    job.moved_at = job.started_at + timedelta(seconds=30)
    job.done, job.state = 25, State.RUNNING
    assert queries.time_left(job) == timedelta(seconds=90)
    assert not queries.stands_still(job)
    clock.advance(200)
    assert queries.stands_still(job)
    job.state = State.DONE
    assert queries.time_left(job) is None


def statements(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_each_part_costs_the_same_and_the_press_does_not_grow(staff, url, sent):
    """n and 4n: the statements of a press, and of each part of the work."""
    presses, parts = [], []
    for number in (100, 400):
        row = ConferenceFactory(registration_enabled=True)
        who = addresses(number, f"g{number}x")
        presses.append(statements(lambda: post(staff, url, row, who=who)))  # noqa: B023 - at once
        job = Job.objects.first()
        parts.append(statements(lambda: tasks.carry_out(job.pk)) * PART / number)  # noqa: B023 - at once
        assert row.registrations.count() == number
    assert presses[1] <= presses[0] + 1
    assert parts[1] <= parts[0]


def test_each_part_of_an_import_costs_the_same(staff, url, sent):
    presses, parts = [], []
    for number in (100, 400):
        lines = "".join(f"g{number}x{n}@example.com,A\n" for n in range(number))
        page = start_import(staff, url, f"email,first name\n{lines}")
        data = {"action": "import", "known": "fill"}
        presses.append(statements(lambda: staff.post(page, data)))  # noqa: B023 - at once
        job = Job.objects.first()
        parts.append(statements(lambda: tasks.carry_out(job.pk)) * PART / number)  # noqa: B023 - at once
    assert presses[1] <= presses[0] + 1
    assert parts[1] <= parts[0]


def test_what_cannot_be_asked_for_says_so(staff, conference, clock):
    conference.removed_at = clock.now()
    conference.save()
    with pytest.raises(NotPossible):
        ask(conference, staff.user)


def test_a_used_form_with_another_answer_is_meant_anew(staff, sent, conference, url):
    """The browser's Back, a box ticked, and Send: an invitation of its own."""
    post(staff, url, conference, who=addresses(MANY), press="form")
    tasks.carry_out(Job.objects.get().pk)
    ids = list(conference.registrations.values_list("pk", flat=True))
    registrations.withdraw(conference, ids, staff.user)
    for _ in range(2):
        post(staff, url, conference, who=addresses(MANY), press="form", again="on")
    assert Job.objects.count() == 2
    tasks.carry_out(Job.objects.latest("pk").pk)
    assert conference.registrations.filter(removed_at=None).count() == MANY


def test_a_form_that_is_sent_for_another_webinar_is_another_job(staff, sent, url):
    for conference in ConferenceFactory.create_batch(2, registration_enabled=True):
        post(staff, url, conference, who=addresses(MANY), press="form")
        assert Job.objects.filter(conference=conference).count() == 1


@pytest.mark.parametrize(("own", "days", "offered"), [(1, 0, True), (1, 2, False), (0, 0, False)])
def test_a_list_is_offered_to_whoever_has_imported_it_lately(staff, url, own, days, offered):
    job = Job.objects.create(
        what=Job.What.IMPORT,
        token="list",
        asked_by=staff.user if own else None,
        arguments={"group": None},
        total=60,
        done=60,
        state=State.DONE,
        created_at=clock.now() - timedelta(days=days),
        ended_at=clock.now(),
    )
    page = staff.get(url("job", job.pk)).content.decode()
    assert ("?import=" in page) is offered


def test_it_stops_where_a_colleague_has_switched_registration_off(
    account, sandbox, staff_user, sent
):
    """At the platform's side nobody could be registered: the rest is not tried one by one."""
    platform = sandbox.clickmeeting("demo")
    platform.add_room("Room", starts_at=clock.now() + timedelta(days=2))
    engine.sync_account(account.pk)
    row = Conference.objects.get()
    Conference.objects.update(registration_enabled=True)
    job = ask(Conference.objects.get(), staff_user)
    mine = services._claim(job.pk)
    services._some(mine, mine.people[:PART], staff_user)
    Conference.objects.update(registration_enabled=False)
    services._mine(mine).update(lease_until=clock.now())
    tasks.carry_out(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == (State.FAILED, PART)
    assert "registration is off" in str(job.problem)
    assert row.registrations.count() == PART


def put_in(staff, url, group, who, **data):
    return staff.post(url("group-members", group.pk), {"who": who, "action": "add", **data})


def test_many_are_put_into_a_group_by_a_worker(staff, url, sent):
    group, known = GroupFactory(name="Customers"), AttendeeFactory()
    answer = put_in(staff, url, group, f"{addresses(MANY)}\n{known.email}", press="form")
    job = Job.objects.get()
    assert answer.url == url("job", job.pk)
    assert not group.memberships.exists()
    page = staff.get(answer.url).content.decode()
    assert "People are being put into a group" in page
    assert url("job", job.pk) in staff.get(url("group", group.pk)).content.decode()
    put_in(staff, url, group, f"{addresses(MANY)}\n{known.email}", press="form")
    assert Job.objects.count() == 1, "one form is one job"
    tasks.carry_out(job.pk)
    job.refresh_from_db()
    assert (job.state, job.counts) == (State.DONE, {"joined": MANY + 1, "created": MANY})
    assert group.memberships.count() == MANY + 1
    page = staff.get(answer.url).content.decode()
    assert f"{MANY + 1} people were put into Customers, {MANY} of them new here." in page
    assert url("group", group.pk) in page
    assert "being put into" not in staff.get(url("group", group.pk)).content.decode()


def test_few_are_put_into_a_group_at_once(staff, url):
    group = GroupFactory()
    assert put_in(staff, url, group, addresses(3)).url == url("group", group.pk)
    assert group.memberships.count() == 3
    assert not Job.objects.exists()


@pytest.mark.parametrize("part", [1, 2, 3])
def test_a_worker_that_dies_puts_nobody_in_twice(staff, url, sent, monkeypatch, part):
    group = GroupFactory()
    put_in(staff, url, group, addresses(MANY))
    job, real, parts = Job.objects.get(), groups.add, []

    def add(*given):
        parts.append(given)
        done = real(*given)
        if len(parts) == part:
            raise SystemExit
        return done

    with monkeypatch.context() as patch:
        patch.setattr(groups, "add", add)
        with pytest.raises(SystemExit):
            tasks.carry_out(job.pk)
    assert group.memberships.count() == (part - 1) * PART
    Job.objects.update(lease_until=clock.now())
    tasks.carry_out(job.pk)
    job.refresh_from_db()
    assert job.counts == {"joined": MANY, "created": MANY}
    assert group.memberships.count() == Attendee.objects.count() == MANY
    assert Change.objects.filter(action="joined a group").count() == MANY


def do_one_part():
    """A worker does one part, and is gone."""
    job = services._claim(Job.objects.get().pk)
    services._some(job, job.people[:PART], job.asked_by)
    Job.objects.update(lease_until=clock.now())


def test_a_group_that_is_deleted_meanwhile_stops_the_job(staff, url, sent):
    group = GroupFactory()
    answer = put_in(staff, url, group, addresses(MANY))
    do_one_part()
    group.delete()
    tasks.carry_out(Job.objects.get().pk)
    assert Job.objects.get().state == State.FAILED
    page = staff.get(answer.url).content.decode()
    assert "The group was deleted meanwhile." in page
    assert f"The other {MANY - PART} are not put in." in page
    assert "in the group and stay" not in page
    assert Attendee.objects.count() == PART


def test_a_group_that_is_deleted_before_the_job_begins_stops_it(staff, url, sent):
    group = GroupFactory()
    answer = put_in(staff, url, group, addresses(MANY))
    group.delete()
    tasks.carry_out(Job.objects.get().pk)
    page = staff.get(answer.url).content.decode()
    assert "The group was deleted meanwhile." in page
    assert "Nobody is put in yet." in page
    assert not Attendee.objects.exists()


def test_who_is_no_longer_here_is_not_said_to_be_in_the_group(staff, url, sent):
    group, known = GroupFactory(), AttendeeFactory.create_batch(2)
    lines = [*(one.email for one in known), addresses(MANY)]
    answer = put_in(staff, url, group, "\n".join(lines))
    for one in known:
        one.delete()
    do_one_part()
    services.cancel(Job.objects.get(), staff.user)
    assert group.memberships.count() == PART - 2
    assert f"{PART - 2} people are in the group and stay" in staff.get(answer.url).content.decode()


def test_who_was_added_by_a_colleague_meanwhile_is_not_new_here(staff, url, sent):
    for name in ("Customers", "Partners"):
        put_in(staff, url, GroupFactory(name=name), addresses(MANY))
    first, second = Job.objects.order_by("pk")
    tasks.carry_out(first.pk)
    tasks.carry_out(second.pk)
    counts = Job.objects.order_by("pk").values_list("counts", flat=True)
    assert list(counts) == [
        {"joined": MANY, "created": MANY},
        {"joined": MANY, "created": 0},
    ]
    assert Attendee.objects.count() == MANY


def test_a_group_is_called_as_it_is_named_now(staff, url, sent):
    group = GroupFactory(name="Customers")
    answer = put_in(staff, url, group, addresses(MANY))
    do_one_part()
    groups.rename(group, "Clients", "", staff.user)
    tasks.carry_out(Job.objects.get().pk)
    assert group.memberships.count() == MANY
    assert f"{MANY} people were put into Clients" in staff.get(answer.url).content.decode()


def test_putting_into_a_group_is_cancelled_between_two_parts(staff, url, sent):
    group = GroupFactory()
    put_in(staff, url, group, addresses(MANY))
    job = services._claim(Job.objects.get().pk)
    services._some(job, job.people[:PART], staff.user)
    asked = staff.get(url("job-cancel", job.pk)).content.decode()
    rest = MANY - PART
    assert f"{PART} people are in the group and stay in it. The other {rest} are not put" in asked
    staff.post(url("job-cancel", job.pk))
    tasks.carry_out(job.pk)
    assert Job.objects.get().state == State.CANCELLED
    assert group.memberships.count() == PART

"""What needs attention: everything is listed, one click settles it, with script and without."""

from datetime import timedelta

import pytest
from django.test import Client

from portal.common import clock
from portal.conferences.models import Invitation
from portal.conferences.schedule.services import schedule
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.platforms.models import AccountRuntime, PlatformAccount
from portal.sync import queries
from portal.sync.models import Conflict, PlatformLink
from portal.sync.services import choices
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory
from tests.factories.attention import conflict, entry, held

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}


def text(response):
    return response.content.decode()


@pytest.fixture
def account(db):
    """An account that is not asked anything here."""
    return AccountFactory(label="Main", synced_at=clock.now())


def mail(account, state="failed"):
    person = RegistrationFactory(conference=ConferenceFactory(account=account))
    return Invitation.objects.create(
        conference=person.conference,
        registration=person,
        to_email="p@example.com",
        state=state,
        not_before=clock.now(),
        problem="The mailbox is full.",
    )


def one_of_each(account):
    AccountFactory(label="Locked out", state="rejected", problem="The key is wrong.")
    return [
        conflict(account),
        conflict(account, Conflict.Sort.GONE, "Vanished"),
        entry(account, field_errors={"title": ["Too long for them."]}),
        entry(account, "unknown", verb="send_invitations"),
        held(account),
        mail(account),
        mail(account, "unknown"),
    ]


def test_nothing_needs_you(client_as, url):
    page = text(client_as().get(url("attention")))
    assert "Nothing needs your attention" in page


@pytest.mark.parametrize("role", [roles.VIEWER, roles.STAFF, roles.ADMINISTRATOR])
def test_everything_is_there_with_its_reason(client_as, url, account, role):
    one_of_each(account)
    page = text(client_as(role).get(url("attention")))
    for said in (
        "Title: changed on both sides",
        "Our &lt;i&gt;title&lt;/i&gt;",
        "Their title",
        "Old title",
        "Vanished",
        "Removed there",
        "Too long for them.",
        "Perhaps done",
        "Too much is missing.",
        "Lost 3",
        "4 missing webinars",
        "The key is wrong.",
        "The mailbox is full.",
        "Mail perhaps sent",
        "p@example.com",
    ):
        assert said in page, said
    assert queries.attention_count() == 8
    off = "This needs the role Event staff."
    assert (off in page) == (role == roles.VIEWER)
    assert "Enter new credentials" in page
    assert ("An administrator has to" in page) == (role != roles.ADMINISTRATOR)


def test_who_was_overruled_is_named(client_as, url, account, staff_user):
    row = ConferenceFactory(account=account, title="Old title")
    schedule.reschedule(row, {"title": "Our title"}, staff_user, row.version)
    link = PlatformLink.objects.create(account=account, kind="conference", local_id=row.pk)
    Conflict.objects.create(
        account=account,
        link=link,
        kind="conference",
        local_id=row.pk,
        field="title",
        ours="Our title",
        theirs="Theirs",
        winner="theirs",
        sentence="x",
        at=clock.now(),
    )
    assert staff_user.username in text(client_as().get(url("attention")))


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("sort=conflict", "Our &lt;i&gt;", "Vanished"),
        ("sort=gone", "Vanished", "Our &lt;i&gt;"),
        ("sort=failed", "Too long for them.", "Vanished"),
        ("sort=held", "Lost 3", "Vanished"),
        ("sort=refused", "The key is wrong.", "Vanished"),
        ("sort=mail", "The mailbox is full.", "Vanished"),
        ("sort=nonsense", "Vanished", "Nothing needs your attention"),
        ("account=99999999", "Vanished", "Nothing needs your attention"),
        ("account=x%00", "", "Vanished"),
        ("account=%F0%9F%92%A9&sort=%ED%A0%80", "Vanished", "Nothing needs your attention"),
        ("account=" + "9" * 400, "Vanished", "Nothing needs your attention"),
        ("page=-7&sort=gone", "Vanished", "Our &lt;i&gt;"),
    ],
)
def test_filters_and_nonsense(client_as, url, account, query, there, not_there):
    one_of_each(account)
    answer = client_as().get(f"{url('attention')}?{query}")
    assert answer.status_code in (200, 400)
    assert there in text(answer)
    assert not_there not in text(answer)


def test_by_account(client_as, url, account):
    other = AccountFactory(label="Other")
    conflict(account, title="On main")
    conflict(other, title="On other")
    page = text(client_as().get(url("attention"), {"account": other.pk}))
    assert "On other" in page
    assert "On main" not in page
    page = text(client_as().get(url("attention"), {"account": other.pk, "sort": "mail"}))
    assert "Nothing of that kind" in page


def test_a_conflict_is_settled_without_script(client_as, url, account):
    question = conflict(account)
    client = client_as()
    answer = client.post(url("conflict-resolve", question.pk), {"choice": "theirs"}, follow=True)
    assert answer.redirect_chain == [(url("attention"), 302)]
    assert "Decided." in text(answer)
    assert "Nothing needs your attention" in text(answer)


def test_with_script_the_row_leaves_the_page(client_as, url, account):
    question, other = conflict(account), conflict(account)
    client = client_as()
    page = text(client.get(url("attention")))
    assert f'hx-target="#conflict-{question.pk}"' in page
    assert f'id="conflict-{question.pk}"' in page
    answer = client.post(url("conflict-resolve", question.pk), {"choice": "theirs"}, headers=HTMX)
    assert answer.status_code == 200
    assert "Decided." in text(answer)
    assert "<article" not in text(answer)
    last = client.post(url("conflict-resolve", other.pk), {"choice": "theirs"}, headers=HTMX)
    assert last["HX-Redirect"] == url("attention")


def test_a_refusal_is_said_and_the_row_stays(client_as, url, account):
    question = conflict(account)
    client = client_as()
    answer = client.post(url("conflict-resolve", question.pk), {"choice": "nonsense"}, headers=HTMX)
    assert answer["HX-Redirect"] == url("attention")
    page = text(client.get(url("attention")))
    assert "not one of the answers" in page
    assert "Their title" in page


@pytest.mark.parametrize("next_page", ["https://evil.example.com/", "//evil.example.com", "x\r\ny"])
def test_nobody_is_sent_to_another_site(client_as, url, account, next_page):
    refused = entry(account)
    answer = client_as().post(url("entry-retry", refused.pk), {"next": next_page})
    assert "evil" not in answer["Location"]


def test_entries_holds_and_mails(client_as, url, account):
    refused, wish = entry(account), entry(account, "unknown", verb="send_invitations")
    brake, again, lost = held(account), mail(account), mail(account, "unknown")
    client = client_as()
    assert client.post(url("entry-retry", refused.pk) + "?next=/")["Location"] == "/"
    client.post(url("entry-dismiss", wish.pk))
    client.post(url("hold-release", brake.pk))
    client.post(url("mail-retry", again.pk))
    again.refresh_from_db()
    assert again.state == "failed", "nobody has said yet that it shall be sent"
    client.post(url("mail-retry", again.pk), {"tell": "yes"})
    client.post(url("mail-dismiss", lost.pk))
    for row in (refused, wish, brake, again, lost):
        row.refresh_from_db()
    assert (refused.state, wish.state, brake.released) == ("waiting", "done", True)
    assert (again.state, again.attempts, lost.state) == ("waiting", 0, "sent")
    assert queries.attention_count() == 0
    kept = held(account)
    client.post(url("hold-keep", kept.pk))
    kept.refresh_from_db()
    assert (kept.released, kept.ended_at is not None) == (False, True)
    assert "settled meanwhile" in text(client.post(url("mail-retry", again.pk), follow=True))


def test_a_mail_about_a_cancelled_webinar_helps_nobody(client_as, url, account):
    lost = mail(account)
    lost.conference.removed_at = clock.now()
    lost.conference.save()
    answer = client_as().post(url("mail-retry", lost.pk), {"tell": "yes"}, follow=True)
    assert "nobody needs this mail" in text(answer)
    client_as().post(url("mail-dismiss", lost.pk))
    lost.refresh_from_db()
    assert lost.state == "dropped"


ACTIONS = (
    "conflict-resolve",
    "hold-release",
    "hold-keep",
    "entry-retry",
    "entry-dismiss",
    "mail-retry",
    "mail-dismiss",
)


@pytest.mark.parametrize("name", ACTIONS)
def test_what_acts_needs_a_post_a_token_a_row_and_a_role(client_as, url, account, name):
    rows = one_of_each(account)
    pk = {"conf": rows[0], "hold": rows[4], "entr": rows[2], "mail": rows[5]}[name[:4]].pk
    staff, before = client_as(), queries.attention_count()
    # A conflict has a page of its own; before a mail is sent again, a page asks.
    shown = 200 if name in ("conflict-resolve", "mail-retry") else 405
    assert staff.get(url(name, pk)).status_code == shown
    for nobody in (0, 10**6, 2**63, 10**25):
        assert staff.post(url(name, nobody)).status_code == 404
    data = {"choice": "theirs"}
    assert client_as(roles.VIEWER).post(url(name, pk), data).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff.user)
    assert strict.post(url(name, pk), data).status_code == 403
    assert Client().post(url(name, pk), data).status_code == 401
    assert queries.attention_count() == before


def test_what_points_at_rows_that_are_gone_is_shown_all_the_same(client_as, url, account):
    entry(account, local_id=10**9)
    entry(account, kind="nonsense", local_id=1)
    entry(account, kind="group", local_id=1, verb="no_such_action")
    question = conflict(account, Conflict.Sort.DUPLICATE)
    Conflict.objects.filter(pk=question.pk).update(local_id=None)
    held(account, missing=["odd", {}, {"title": ""}])
    page = text(client_as().get(url("attention")))
    assert page.count("no longer here") >= 3
    assert "Without a name" in page


def test_many_are_paged_newest_first_in_few_queries(
    client_as, url, account, django_assert_max_num_queries
):
    for number in range(45):
        conflict(account, title=f"Number {number}")
    Conflict.objects.filter(sentence__contains="Number 7:").update(
        at=clock.now() + timedelta(hours=1)
    )
    one_of_each(account)
    client = client_as()
    with django_assert_max_num_queries(26):
        page = text(client.get(url("attention")))
    assert "1–20 of 53" in page
    assert "Number 7<" in page
    part = client.get(url("attention"), {"page": 3}, headers=HTMX)
    assert "41–53 of 53" in text(part)
    assert "<html" not in text(part)


def test_counting_is_one_query(account, django_assert_num_queries):
    one_of_each(account)
    with django_assert_num_queries(1):
        assert queries.attention_count() == 8


def test_a_brake_on_our_own_deletes_says_what_releasing_does(client_as, url, account):
    held(account, ours=True)
    page = text(client_as().get(url("attention")))
    assert "Delete them there" in page
    assert "deleted on ClickMeeting" in page


def test_the_badge_counts(client_as, url, account):
    AccountRuntime.objects.update(problem="")
    conflict(account)
    page = text(client_as(roles.VIEWER).get(url("accounts")))
    assert 'class="count count-alert">1<' in page


def test_which_record_a_lost_create_is_can_be_told(client_as, url, account):
    shown = [
        {
            "id": "7",
            "title": "Theirs <b>now</b>",
            "starts_at": "2031-05-01T10:00:00Z",
            "duration_minutes": 60,
        },
        {"id": "8", "title": "Quite another"},
    ]
    asked = conflict(account, Conflict.Sort.WHICH, theirs=shown, ours={"title": "Briefing"})
    link = asked.link
    link.external_id, link.op, link.op_sent = None, "unknown", {"title": "Briefing"}
    link.save()
    page = text(client_as().get(url("attention")))
    for said in (
        "Which one is it?",
        "It is “Theirs &lt;b&gt;now&lt;/b&gt;”",
        "It starts Thu 1 May 2031, 12:00 CEST and lasts 60 minutes.",
        "It is “Quite another”",
        "None of them: make it",
    ):
        assert said in page, said
    choice = choices(asked)[1].value
    client_as(roles.STAFF).post(url("conflict-resolve", asked.pk), {"choice": choice})
    link.refresh_from_db()
    assert (link.external_id, link.op) == ("8", "")
    assert OutboxEntry.objects.filter(local_id=link.local_id, verb="push").exists()
    assert queries.attention_count() == 0


def test_what_waits_for_long_is_said_and_can_be_tried_at_once(client_as, url, account):
    """A record that its platform fails to take is tried on for ever: somebody has to know."""
    waiting = entry(account, "waiting", problem="The answer makes no sense.", attempts=4)
    registration = RegistrationFactory(conference_id=waiting.local_id)
    Invitation.objects.create(
        conference_id=waiting.local_id, registration=registration, not_before=clock.now()
    )
    later = clock.now() + timedelta(hours=2)
    OutboxEntry.objects.update(not_before=later)
    staff = client_as(roles.STAFF)
    page = text(staff.get(url("attention")))
    assert "Nothing needs your attention" in page, "trouble that may end by itself"
    clock.advance(31 * 60)
    AccountRuntime.objects.update(synced_at=clock.now())
    page = text(staff.get(url("attention")))
    for words in ("Waits for long", "Refused one", "The answer makes no sense.", "1 mail waits"):
        assert words in page
    assert "Try again" in text(staff.get(url("home")))
    staff.post(url("entry-retry", waiting.pk))
    waiting.refresh_from_db()
    assert waiting.not_before <= clock.now()
    assert waiting.attempts == 0
    assert queries.attention_count() == 0


@pytest.mark.parametrize(
    "trouble", [{"paused": True}, {"open_until": "later"}, {"state": "rejected"}], ids=str
)
def test_what_waits_for_its_account_is_told_there(account, trouble):
    entry(account, "waiting", attempts=4)
    OutboxEntry.objects.update(created_at=clock.now() - timedelta(hours=2))
    assert queries.attention_count() == 1
    if "open_until" in trouble:
        AccountRuntime.objects.update(open_until=clock.now() + timedelta(minutes=5))
    else:
        PlatformAccount.objects.update(**trouble)
    sorts = [item.sort for item in queries.attention()]
    assert "late" not in sorts

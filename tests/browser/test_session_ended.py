"""A session that ends in the browser: the page stays, what was typed stays, work goes on."""

import pytest
from django.contrib.sessions.models import Session

from portal.common import clock
from portal.conferences.models import Attendee
from portal.outbox.models import OutboxEntry
from tests.factories import AccountFactory, ConferenceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long enough one"


def end_session(someone):
    someone.user.set_password(PASSWORD)
    someone.user.save()
    Session.objects.all().delete()


def sign_in(page):
    page.fill("#session-ended [name=password]", PASSWORD)
    page.click("#session-ended [type=submit]")
    page.wait_for_selector("#session-ended", state="hidden")


def test_a_poll_leaves_the_page_where_it_is(visitor, account):
    row = ConferenceFactory(account=account, title="Autumn tour")
    moment = clock.now()
    OutboxEntry.objects.create(
        account=account, kind="conference", local_id=row.pk, not_before=moment, created_at=moment
    )
    someone = visitor()
    page = someone.go("conferences")
    end_session(someone)
    page.wait_for_selector("#session-ended[open]", timeout=15_000)
    assert page.url.endswith("/webinars/")
    assert "Autumn tour" in someone.text()
    sign_in(page)
    assert "Autumn tour" in someone.text()
    page.click("text=Autumn tour")
    page.wait_for_load_state()
    assert page.url.endswith(f"/webinars/{row.pk}/")


def test_the_schedule_form_keeps_what_was_typed(visitor, account):
    someone = visitor()
    page = someone.go("schedule")
    page.fill("[name=title]", "Typed before the session ended")
    end_session(someone)
    page.check("[name=permanent]")  # asks for the form anew
    page.wait_for_selector("#session-ended[open]")
    sign_in(page)
    assert page.input_value("[name=title]") == "Typed before the session ended"
    page.uncheck("[name=permanent]")
    page.wait_for_timeout(500)
    assert page.input_value("[name=title]") == "Typed before the session ended"
    page.click("button[name=draft]")
    page.wait_for_load_state("networkidle")
    assert "Typed before the session ended" in someone.text()


def test_a_choice_that_ended_at_the_session_is_followed_after_signing_in(visitor, account, sandbox):
    other = AccountFactory(
        platform="livewebinar", label="Other", base_url=sandbox.base_url("livewebinar")
    )
    someone = visitor()
    page = someone.go("schedule")
    end_session(someone)
    page.select_option("[name=account]", str(other.pk))
    page.wait_for_selector("#session-ended[open]")
    assert "does not show your last choice" in someone.text()
    sign_in(page)
    page.wait_for_selector("text=Schedule it on LiveWebinar")
    assert "does not show your last choice" not in someone.text()
    assert page.input_value("[name=account]") == str(other.pk)


def test_a_choice_where_to_move_is_followed_after_signing_in(visitor, account):
    other = AccountFactory(label="Other")
    someone = visitor()
    page = someone.go("conference-move", ConferenceFactory(account=account).pk)
    end_session(someone)
    page.select_option("[name=account]", str(other.pk))
    page.wait_for_selector("#session-ended[open]")
    sign_in(page)
    page.wait_for_selector("button[name=do]")


def test_a_press_that_was_not_done_is_said_after_signing_in(visitor, account):
    row = ConferenceFactory(account=account)
    failed = OutboxEntry.objects.create(
        account=account,
        kind="conference",
        local_id=row.pk,
        state="failed",
        problem="No.",
        not_before=clock.now(),
        created_at=clock.now(),
    )
    someone = visitor()
    page = someone.go("attention")
    end_session(someone)
    page.click("text=Try again")
    page.wait_for_selector("#session-ended[open]")
    sign_in(page)
    page.wait_for_selector("text=What you pressed was not done")
    failed.refresh_from_db()
    assert failed.state == "failed"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_sent_form_is_sent_after_signing_in(visitor, javascript):
    someone = visitor(javascript=javascript)
    page = someone.go("person-new")
    page.fill("[name=email]", "ann@example.org")
    page.fill("[name=notes]", "First line\nsecond line")
    end_session(someone)
    page.click("main form .btn-primary")
    page.wait_for_selector("text=What you typed is kept")
    page.fill("[name=username]", someone.user.get_username())
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_selector("text=Send it now")
    assert not Attendee.objects.exists()
    page.click("main [type=submit]")
    page.wait_for_load_state()
    assert Attendee.objects.get().notes.replace("\r\n", "\n") == "First line\nsecond line"

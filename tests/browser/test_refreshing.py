"""Parts of pages that follow a choice: the last choice wins, and a lost answer is said."""

import time
from datetime import timedelta

import pytest

from portal.common import clock
from portal.conferences.models import Conference
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOST = "[data-refresh-lost]"


@pytest.fixture
def others(account, sandbox):
    return [
        AccountFactory(
            platform="clickmeeting",
            label=label,
            base_url=sandbox.base_url("clickmeeting"),
            credentials=sandbox.credentials("clickmeeting"),
        )
        for label in ("First other", "Second other")
    ]


@pytest.fixture
def moving(visitor, account, others):
    row = ConferenceFactory(account=account, title="Autumn tour")
    someone = visitor()
    return someone, someone.go("conference-move", row.pk), row


def choose(page, account):
    page.select_option("[name=account]", str(account.pk))


def test_a_lost_answer_is_asked_for_again(moving, others):
    _, page, _ = moving
    asked = []

    def lose_the_first(route):
        asked.append(route.request.post_data)
        route.abort() if len(asked) == 1 else route.continue_()

    page.route("**/move/", lose_the_first)
    choose(page, others[0])
    page.wait_for_selector("button[name=do]")
    assert len(asked) == 2


def test_an_answer_that_never_comes_is_said_and_can_be_asked_for(moving, others):
    _, page, _ = moving
    page.route("**/move/", lambda route: route.abort())
    choose(page, others[0])
    page.wait_for_selector(f"#preview {LOST}")
    page.unroute("**/move/")
    page.click(f"#preview {LOST} button")
    page.wait_for_selector("button[name=do]")
    assert page.query_selector(LOST) is None


def test_a_server_error_is_a_lost_answer_too(moving, others):
    _, page, _ = moving
    page.route("**/move/", lambda route: route.fulfill(status=500, body="broken"))
    choose(page, others[0])
    page.wait_for_selector(f"#preview {LOST}")


def test_the_last_choice_wins_whichever_answer_comes_first(moving, others):
    _, page, _ = moving
    slow = []

    def hold_the_first(route):
        if not slow:
            slow.append(route)
            time.sleep(1)
        route.continue_()

    page.route("**/move/", hold_the_first)
    choose(page, others[0])
    choose(page, others[1])
    page.wait_for_selector("button[name=do]")
    page.wait_for_timeout(1500)
    assert page.input_value("#preview [name=seen]").startswith(str(others[1].pk))


def test_a_choice_made_before_the_script_was_ready_counts(visitor, account, others):
    row = ConferenceFactory(account=account)
    someone = visitor()
    page, held = someone.page, []
    page.route("**/*htmx*", lambda route: held.append(route))
    page.goto(someone.base + someone.reverse("conference-move", row.pk), wait_until="commit")
    page.wait_for_selector("[name=account]")
    choose(page, others[0])
    held[0].continue_()
    page.wait_for_selector("button[name=do]")


def test_what_is_done_is_what_was_shown(moving, others):
    someone, page, row = moving
    choose(page, others[0])
    page.wait_for_selector("button[name=do]")
    page.route(
        "**/move/",
        lambda route: route.abort() if "preview" in route.request.post_data else route.continue_(),
    )
    page.evaluate(
        "id => { document.querySelector('[name=account]').value = id }", str(others[1].pk)
    )
    page.click("button[name=do]")
    page.wait_for_load_state()
    assert "The choice has changed" in someone.text()
    assert type(row).objects.count() == 1


def test_what_is_typed_while_an_answer_is_under_way_stays(visitor, account):
    someone = visitor()
    page = someone.go("schedule")

    def slowly(route):
        time.sleep(0.7)
        route.continue_()

    page.route("**/schedule/", slowly)
    page.check("[name=permanent]")
    page.fill("[name=title]", "Typed meanwhile")
    page.wait_for_selector("[name=date][disabled], [name=permanent]:checked")
    page.wait_for_timeout(2500)
    assert page.input_value("[name=title]") == "Typed meanwhile"
    assert page.is_checked("[name=permanent]")


def test_a_filter_follows_the_last_word(visitor, account):
    for title in ("Alpha", "Alphabet", "Beta"):
        ConferenceFactory(account=account, title=title)
    someone = visitor()
    page = someone.go("conferences")
    page.fill("input[type=search]", "Al")
    page.wait_for_timeout(400)
    page.fill("input[type=search]", "Beta")
    page.wait_for_selector("text=Alphabet", state="detached")
    assert "Beta" in someone.text()


def test_an_order_that_comes_late_does_not_take_the_place_of_a_filter(visitor, account):
    for title in ("Alpha", "Beta"):
        ConferenceFactory(account=account, title=title)
    someone = visitor()
    page = someone.go("conferences")
    held = []
    page.route("**/webinars/?sort=*", lambda route: held.append(route))
    page.click("th a.sort >> nth=0")
    page.fill("input[type=search]", "Beta")
    page.wait_for_selector("text=Alpha", state="detached")
    assert held
    with page.expect_response(lambda answer: "q=Beta" not in answer.url):
        held[0].continue_()
    page.wait_for_timeout(300)
    assert "Alpha" not in someone.text()
    assert "q=Beta" in page.url


def test_a_poll_without_an_answer_is_said_once_and_taken_back(visitor, account):
    row = ConferenceFactory(account=account)
    OutboxEntry.objects.create(
        account=account,
        kind="conference",
        local_id=row.pk,
        not_before=clock.now(),
        created_at=clock.now(),
    )
    someone = visitor()
    page = someone.go("conference", row.pk)
    asked = []

    def lose(route):
        asked.append(route)
        route.abort()

    page.route("**/sync/", lose)
    while len(asked) < 3:
        page.wait_for_timeout(500)
    said = page.locator("#toasts .notice")
    assert said.count() == 1
    assert "may be old" in said.inner_text()
    page.unroute("**/sync/")
    page.wait_for_selector("#toasts .notice", state="detached")


def test_words_that_the_mail_does_not_show_are_said(visitor, account):
    row = ConferenceFactory(account=account)
    RegistrationFactory(conference=row, join_url="https://example.com/room")
    someone = visitor()
    page = someone.go("conference-cancel", row.pk)
    page.route("**/cancel/", lambda route: route.abort())
    page.fill("#id_note", "The speaker is ill.")
    page.wait_for_selector(f"#send-preview {LOST}", timeout=10_000)
    page.unroute("**/cancel/")
    page.click(f"#send-preview {LOST} button")
    page.wait_for_selector("#send-preview:has-text('The speaker is ill.')")


def test_the_keyboard_goes_on_beside_a_row_that_was_settled(visitor, account):
    for title in ("First", "Second"):
        row = ConferenceFactory(account=account, title=title)
        OutboxEntry.objects.create(
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
    page.locator("main article button", has_text="Try again").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main article >> text=Second", state="detached")
    assert "First" in someone.text()
    page.wait_for_selector("main article:focus-within >> text=First")


def test_a_page_asks_for_its_lists_by_itself_and_says_what_is_new(visitor, account, sandbox):
    platform = sandbox.clickmeeting("demo")
    start = (clock.now() - timedelta(days=30)).replace(second=0, microsecond=0)
    room = platform.add_room("Last month", starts_at=start)
    engine.sync_account(account.pk)
    platform.add_registration(room["id"], "new@example.com", "Ne", "W")
    clock.advance(300)
    row = Conference.objects.get()
    page = visitor().go("conference-people", row.pk)
    page.wait_for_selector("#lists-read[hx-trigger='every 3s']")
    assert "new@example.com" not in page.content()
    engine.read_live(account.pk)
    page.click("#lists-read a")
    page.wait_for_selector("text=new@example.com")
    assert page.url.split("?")[0].endswith(f"/webinars/{row.pk}/people/")

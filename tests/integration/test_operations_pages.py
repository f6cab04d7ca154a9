"""Live control, content, letters and ways in, on pages of one shape."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from integrations import registry
from integrations.base.capabilities import LIVE_LABELS, Topic
from integrations.base.records import Kind
from portal.common.errors import NotPossible
from portal.conferences.models import Change, Conference
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync import engine
from portal.sync.services import actions as operations
from portal.sync.services.actions import Subject
from tests.factories import ConferenceFactory

# Kinds that have a page, or a place on one, from which the platform can be asked.
REACHED = (
    None,
    Kind.CONFERENCE,
    Kind.SESSION,
    Kind.RECORDING,
    Kind.REGISTRATION,
    Kind.MODERATOR,
    Kind.ATTENDEE,
)


@pytest.fixture
def room(account, sandbox):
    sandbox.clickmeeting().add_room("Quarterly results")
    engine.sync_account(account.pk, full=True)
    return Conference.objects.get()


@pytest.fixture
def subject(room):
    return Subject(room.account, Kind.CONFERENCE, room.pk)


def upload(browser, url, room):
    file = SimpleUploadedFile("agenda.txt", b"First, second")
    page = url("ask", "conference", room.pk, "upload_file")
    return browser.post(page, {"file": file}, follow=True)


def test_a_file_is_uploaded_listed_fetched_and_deleted(room, client_as, url):
    browser = client_as()
    assert "agenda.txt is there" in upload(browser, url, room).content.decode()
    page = browser.get(url("ask", "conference", room.pk, "files"), headers={"HX-Request": "true"})
    text = page.content.decode()
    assert "agenda.txt" in text
    assert "<html" not in text, "HTMX gets the answer alone"
    row = text.split("?row=")[1].split('"')[0]
    file = browser.get(url("ask-file", "conference", room.pk, "download_file") + f"?row={row}")
    assert b"".join(file.streaming_content) == b"First, second"
    assert file["Content-Disposition"].startswith("attachment")
    assert file["Content-Type"] == "application/octet-stream"
    act = url("ask", "conference", room.pk, "delete_file")
    asked = browser.get(f"{act}?row={row}").content.decode()
    assert "cannot be brought back" in asked, "the consequence is named first"
    browser.post(act, {"row": row})
    listed = browser.get(url("conference-content", room.pk) + "?read=files").content.decode()
    assert "agenda.txt" not in listed
    done = Change.objects.filter(action="done there", conference=room)
    assert sorted(calls for row in done for calls in row.calls) == ["delete_file", "upload_file"]


def test_what_a_platform_does_not_offer_is_greyed_with_the_reason(room, client_as, url):
    page = client_as().get(url("conference-live", room.pk)).content.decode()
    for label in LIVE_LABELS.values():
        assert label in page
    assert "ClickMeeting does not offer it through its API." in page


def test_an_unknown_outcome_waits_for_a_person_and_is_not_repeated(
    subject, room, sandbox, staff_user, client_as, url
):
    sandbox.faults.add("cut_after", method="POST", path="*/invitation/*")
    arguments = {"attendees": "ann@example.com", "lang": "en"}
    with pytest.raises(NotPossible):
        operations.perform(subject, "invite_by_platform", arguments, staff_user)
    sandbox.faults.clear()
    entry = OutboxEntry.objects.get(verb="invite_by_platform")
    assert entry.state == OutboxEntry.State.UNKNOWN
    engine.push_account(room.account_id)
    sent = [e for e in sandbox.requests if "invitation" in e.path]
    assert len(sent) == 1
    assert "Invitation mail by ClickMeeting" in client_as().get(url("attention")).content.decode()


def test_the_form_of_an_unknown_outcome_says_that_it_is_not_known(room, sandbox, client_as, url):
    browser, act = client_as(), url("ask", "conference", room.pk, "invite_by_platform")
    sandbox.faults.add("cut_after", method="POST", path="*/invitation/*")
    answer = browser.post(act, {"attendees": "ann@example.com", "lang": "en"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "It is not known whether ClickMeeting did it. See Needs attention before" in page
    assert "Nothing was saved" not in page
    assert OutboxEntry.objects.get().state == OutboxEntry.State.UNKNOWN


def test_the_same_form_sent_again_after_an_unknown_outcome_leads_to_where_it_waits(
    room, sandbox, client_as, url
):
    browser, act = client_as(), url("ask", "conference", room.pk, "invite_by_platform")
    asked = {"attendees": "ann@example.com", "lang": "en"}
    asked["press"] = browser.get(act).context["form"]["press"].value()
    sandbox.faults.add("cut_after", method="POST", path="*/invitation/*")
    browser.post(act, asked)
    again = browser.post(act, asked).content.decode()
    assert "it is not known what came of it. See Needs attention before you try again" in again
    assert len([one for one in sandbox.requests if "invitation" in one.path]) == 1


def test_nothing_was_saved_is_said_of_what_was_not_sent_alone(room, sandbox, client_as, url):
    browser, act = client_as(), url("ask", "conference", room.pk, "invite_by_platform")
    unfilled = browser.post(act, {"attendees": "", "lang": "en"}).content.decode()
    assert "Nothing was saved yet" in unfilled
    sandbox.faults.add("wrong_key", method="POST", path="*/invitation/*")
    refused = browser.post(act, {"attendees": "ann@example.com", "lang": "en"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "data-form-errors" in page
    assert "Nothing was saved" not in page
    assert "not known" not in page


def test_a_refusal_is_said_and_leaves_nothing_behind(subject, staff_user):
    with pytest.raises(NotPossible) as caught:
        operations.perform(subject, "generate_access_tokens", {"how_many": 3}, staff_user)
    assert caught.value.sentence
    assert not OutboxEntry.objects.filter(verb="generate_access_tokens").exists()


def test_a_process_that_dies_on_the_way_leaves_a_trace(subject, staff_user, monkeypatch):
    class Killed(BaseException):
        pass

    adapter = registry.room("clickmeeting").open
    monkeypatch.setattr(adapter, "perform", lambda *a: (_ for _ in ()).throw(Killed()))
    with pytest.raises(Killed):
        operations.perform(subject, "registration_template", {"template": 2}, staff_user)
    assert OutboxEntry.objects.get().state == OutboxEntry.State.UNKNOWN


def test_viewers_look_and_do_nothing(room, client_as, url):
    browser = client_as(roles.VIEWER)
    assert browser.get(url("ask", "conference", room.pk, "files")).status_code == 200
    page = browser.get(url("conference-content", room.pk)).content.decode()
    assert "needs the role Event staff" in page
    act = url("ask", "conference", room.pk, "registration_template")
    assert browser.post(act, {"template": 2}).status_code == 403
    assert (
        browser.get(url("ask-file", "conference", room.pk, "download_file") + "?row=1").status_code
        == 403
    )


@pytest.mark.parametrize(
    "page",
    [
        "/ask/conference/999/files/",
        "/ask/nonsense/1/files/",
        "/ask/session/1/files/",
        "/ask/account/999/library/",
        "/ask/registration/1/files/",
        "/ask/conference/999/files/file/",
    ],
)
def test_what_is_not_there_is_a_404(page, room, client_as):
    assert client_as().get(page).status_code == 404


def test_nothing_is_asked_of_a_platform_that_has_no_such_thing(room, client_as, url):
    browser = client_as()
    answer = browser.get(url("ask", "conference", room.pk, "make_coffee"), follow=True)
    assert "has no such action" in answer.content.decode()


def test_a_draft_has_nothing_to_ask_about(account, client_as, url):
    draft = ConferenceFactory(account=account, draft=True)
    answer = client_as().get(url("ask", "conference", draft.pk, "files"))
    assert "does not stand on ClickMeeting now" in answer.content.decode()


def test_a_platform_that_is_down_is_said_in_place(room, sandbox, client_as, url):
    sandbox.faults.add("unavailable")
    answer = client_as().get(url("ask", "conference", room.pk, "files"))
    assert answer.status_code == 200
    assert "had an error of its own" in answer.content.decode()


@pytest.mark.parametrize("slug", registry.slugs())
def test_actions_are_whole(slug):
    """Each action can be reached from some page, and asks for what can be typed."""
    actions = registry.room(slug).capabilities.actions
    reads = {a.name for a in actions.values() if a.reads}
    for action in actions.values():
        assert action.of in REACHED, action.name
        assert not action.target or action.target in reads, action.name
        assert not (action.reads and action.warning), action.name
        if action.ability.offered and action.topic is Topic.ELSEWHERE:
            assert action.name in ("join_link", "start", "stop") or action.of is None, action.name


def test_a_room_is_framed_by_its_own_page_alone(room, client_as, url):
    answer = client_as().get(url("conference-room", room.pk))
    assert b"<iframe" in answer.content
    policy = answer["Content-Security-Policy"]
    assert "frame-src http://127.0.0.1:" in policy
    assert "frame-src" not in client_as().get(url("conference", room.pk))["Content-Security-Policy"]


def test_a_room_without_such_an_address_is_not_framed(account, client_as, url):
    draft = ConferenceFactory(account=account, draft=True)
    answer = client_as().get(url("conference-room", draft.pk), follow=True)
    assert "gives no address of this room" in answer.content.decode()


def test_a_form_that_is_sent_twice_is_carried_out_once(room, sandbox, client_as, url):
    browser, act = client_as(), url("ask", "conference", room.pk, "invite_by_platform")
    press = browser.get(act).context["form"]["press"].value()
    asked = {"attendees": "ann@example.com", "lang": "en", "press": press}
    assert browser.post(act, asked | {"attendees": ""}).status_code == 422
    browser.post(act, asked)  # what was refused may be sent again, once it is mended
    again = browser.post(act, asked)
    assert "This was sent already" in again.content.decode()
    sent = [one for one in sandbox.requests if "invitation" in one.path]
    assert len(sent) == 1
    assert "press" not in str(sent[0].describe())
    anew = browser.get(act).context["form"]["press"].value()
    browser.post(act, asked | {"press": anew})
    assert len([one for one in sandbox.requests if "invitation" in one.path]) == 2

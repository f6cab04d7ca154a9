"""Two who set up the same registration page at once: neither overwrites the other unseen."""

import pytest

from portal.common.errors import Stale
from portal.conferences.audience.services import registration_pages
from portal.conferences.models import RegistrationPage
from portal.identity import roles
from tests.factories import ConferenceFactory, SeriesFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["webinar", "series"])
def where(request, url):
    """The address of the page of a webinar, and of a series."""
    if request.param == "webinar":
        return url("registration-page", ConferenceFactory(registration_enabled=True).pk)
    series = SeriesFactory(title="Course")
    ConferenceFactory(series=series)
    return url("series-registration-page", series.pk)


@pytest.fixture
def two(client_as):
    return client_as(roles.STAFF), client_as(roles.ADMINISTRATOR)


def form_of(answer, **typed):
    """What a browser sends that has opened the page, with what somebody typed."""
    form, rows = answer.context["form"], answer.context["rows"]
    boxes = [*form, *rows.management_form, *(box for row in rows for box in row)]
    values = {box.html_name: box.value() for box in boxes}
    first = {name: "text" for name in values if name.endswith("-kind")}  # of the choices
    sent = {
        n: "on" if value is True else value or first.get(n, value) for n, value in values.items()
    }
    given = (sent | typed).items()
    return {name: value for name, value in given if value not in (None, "") and value is not False}


def errors(answer):
    return list(answer.context["form"].non_field_errors())


def test_of_two_browsers_the_second_sees_what_the_first_has_saved(two, where):
    first, second = two
    opened = second.get(where)
    mine = form_of(first.get(where), limit="20", approval="on", open="on")
    assert first.post(where, mine).status_code == 302
    theirs = form_of(opened, limit="5", reach="intranet", open="on")
    answer = second.post(where, theirs)
    page = RegistrationPage.objects.get()
    assert (page.limit, page.approval, page.reach) == (20, True, "public")
    assert answer.status_code == 422
    said = errors(answer)
    assert said[0] == str(registration_pages.SOMEBODY_ELSE)
    assert said[1:] == [
        "Who can open it: now Everybody who has its address, "
        "you typed Only from within the company's network.",
        f"{answer.context['form'].fields['limit'].label}: now 20, you typed 5.",
        "Somebody of us approves each registration: now Yes, you typed No.",
    ]
    kept = form_of(answer)
    assert (kept["limit"], kept["reach"]) == ("5", "intranet")
    assert second.post(where, kept).status_code == 302
    page.refresh_from_db()
    assert (page.limit, page.approval, page.reach) == (5, False, "intranet")


def test_it_says_what_became_of_questions_meanwhile(two, where):
    first, second = two
    asks = {"questions-0-label": "Town?", "questions-1-label": "Diet?"}
    assert first.post(where, form_of(first.get(where), **asks)).status_code == 302
    opened = second.get(where)
    now = {"questions-0-label": "Which town?", "questions-1-remove": "on"}
    now |= {"questions-2-label": "Shoe size?"}
    assert first.post(where, form_of(first.get(where), **now)).status_code == 302
    answer = second.post(where, form_of(opened, **{"questions-0-label": "Your town?"}))
    assert answer.status_code == 422
    assert errors(answer)[1:] == [
        "“Which town?”, Question: now Which town?, you typed Your town?.",
        "“Diet?” is asked no more. If you save again, it is asked anew.",
        "“Shoe size?” was added meanwhile, and stays.",
    ]
    assert second.post(where, form_of(answer)).status_code == 302
    labels = set(RegistrationPage.objects.get().questions.values_list("label", flat=True))
    assert labels == {"Your town?", "Diet?", "Shoe size?"}


def test_a_question_that_somebody_removes_is_named_where_it_has_changed(two, where):
    first, second = two
    asks = {"questions-0-label": "Town?"}
    assert first.post(where, form_of(first.get(where), **asks)).status_code == 302
    opened = second.get(where)
    asks["questions-0-label"] = "Which town?"
    assert first.post(where, form_of(first.get(where), **asks)).status_code == 302
    answer = second.post(where, form_of(opened, **{"questions-0-remove": "on"}))
    assert errors(answer)[1:] == [
        "“Which town?” is still asked. If you save again, it is asked no more."
    ]


def test_two_who_make_it_at_once_make_one_and_see_it(two, where):
    first, second = two
    opened = second.get(where)
    asks = {"questions-0-label": "Town?"}
    assert first.post(where, form_of(first.get(where), **asks)).status_code == 302
    answer = second.post(where, form_of(opened, **asks))  # a second press of the button, too
    assert answer.status_code == 422
    assert RegistrationPage.objects.get().questions.count() == 1


def test_who_saves_what_stands_there_already_stops_nobody(two, where):
    first, second = two
    assert first.post(where, form_of(first.get(where), limit="3")).status_code == 302
    opened = second.get(where)
    assert first.post(where, form_of(first.get(where))).status_code == 302
    assert second.post(where, form_of(opened, limit="4")).status_code == 302
    assert RegistrationPage.objects.get().limit == 4


def test_a_form_that_does_not_say_what_it_was_made_of_is_not_believed(two, where):
    first, second = two
    assert first.post(where, form_of(first.get(where), limit="3")).status_code == 302
    sent = form_of(second.get(where), limit="4")
    del sent["version"]
    assert second.post(where, sent).status_code == 422
    assert RegistrationPage.objects.get().limit == 3


def test_a_refusal_shows_the_page_as_it_stands(two, where):
    first, _second = two
    assert first.post(where, form_of(first.get(where), open="on")).status_code == 302
    sent = form_of(first.get(where), limit="x")
    del sent["open"]
    answer = first.post(where, sent)
    assert answer.status_code == 422
    assert answer.context["page"].open


def test_the_service_refuses_what_is_behind(staff_user):
    conference = ConferenceFactory()
    values = dict.fromkeys(registration_pages.SETTINGS)
    values |= {"open": True, "reach": "public", "intro": "", "waitlist": True}
    values |= {"approval": False, "frame_origins": ""}
    registration_pages.save(conference, values, [], staff_user, version=0)
    with pytest.raises(Stale):
        registration_pages.save(conference, values, [], staff_user, version=0)

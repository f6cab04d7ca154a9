"""In which language somebody is written to: theirs, their webinar's account's, or Lectern's."""

import re

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils.translation import override

from portal.common import languages
from portal.conferences import tasks
from portal.conferences.audience.services import exports
from portal.conferences.mails import services as mails
from portal.conferences.models import Attendee
from portal.conferences.people.services import imports, people
from portal.identity import roles
from portal.platforms import services
from tests.factories import AccountFactory, ConferenceFactory, ModeratorFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
GERMAN = re.compile(r"(Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch")
FRENCH = re.compile(r"(lun|mar|mercre|jeu|vendre|same)di|dimanche")
ENGLISH = re.compile(r"\w+day, ")


@pytest.fixture
def spoken(monkeypatch):
    """As if catalogues of Lectern's own words were there in two languages."""
    monkeypatch.setattr(languages, "is_ours", lambda code: code[:2] in ("en", "de", "fr"))


@pytest.mark.parametrize(
    ("person", "account", "found"),
    [
        ("", "", ENGLISH),
        ("de", "", GERMAN),
        ("de", "fr", GERMAN),
        ("", "fr", FRENCH),
        ("de-at", "", GERMAN),  # by the language without its variant
        ("pl", "fr", FRENCH),  # nothing in Polish: the next that has words
        ("pl", "", ENGLISH),
    ],
)
def test_a_mail_is_in_the_readers_language(spoken, person, account, found):
    row = ConferenceFactory(account=AccountFactory(language=account))
    reader = RegistrationFactory(
        conference=row, join_url="https://platform.example/1", attendee__language=person
    )
    with override("es"):  # what staff read says nothing of what people are written in
        sample = mails.preview(row, mails.Act.INVITE, registrations=[reader]).sample
        mails.queue_invitations(row, [reader], None)
        assert tasks.send_mails() == 1
    assert found.search(mail.outbox[0].body)
    assert found.search(sample.text), "the page shows the mail as it will be"


def test_a_speaker_is_written_to_in_the_accounts_language(spoken):
    row = ConferenceFactory(account=AccountFactory(language="de"))
    speaker = ModeratorFactory(conference=row, join_url="https://platform.example/1")
    mails.queue_invitations(row, [speaker], None)
    assert tasks.send_mails() == 1
    assert GERMAN.search(mail.outbox[0].body)


def test_without_a_catalogue_lectern_has_english_alone():
    assert languages.is_ours("en-gb")
    assert not languages.is_ours("de")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de_CH", "de-ch" if "de-ch" in languages.CODES else "de"),
        ("de-AT", "de"),
        ("German", "de"),
        ("deutsch", "de"),
        ("PT-br", "pt-br"),
        ("Klingon", ""),
        ("", ""),
        ("x" * 5000, ""),
    ],
)
def test_a_language_is_read_by_code_and_name(typed, code):
    assert languages.code_of(typed) == code


def test_it_comes_with_a_list_and_goes_into_one(staff_user):
    text = "email,language\nann@example.com,German\nbob@example.com,Klingon\ncy@example.com,\n"
    token = imports.prepare(by=staff_user, text=text)
    draft = imports.load(token, staff_user)
    assert ["Klingon" in one for one in draft.candidates[1].remarks] == [True]
    imports.apply(draft, staff_user)
    found = dict(Attendee.objects.values_list("email", "language"))
    assert found == {"ann@example.com": "de", "bob@example.com": "", "cy@example.com": ""}
    heading, *rows = exports.people(Attendee.objects.order_by("email"))
    place = [str(one) for one in heading].index("Language")
    assert [row[place] for row in rows] == ["de", "", ""]


def test_staff_set_it_on_a_person_and_an_administrator_on_an_account(client_as, account, url):
    client = client_as(roles.ADMINISTRATOR)
    form = {"email": "ann@example.com", "first_name": "Ann", "language": "de"}
    client.post(url("person-new"), form)
    person = Attendee.objects.get()
    assert person.language == "de"
    assert "German" in client.get(url("person", person.pk)).content.decode()
    wrong = client.post(url("person-edit", person.pk), form | {"language": "xx"})
    assert wrong.status_code == 422
    values = {"label": "A", "base_url": account.base_url, "interval_minutes": 5, "untested": 1}
    client.post(url("account-edit", account.pk), values | {"language": "fr"})
    account.refresh_from_db()
    assert account.language == "fr"


def test_what_is_no_language_is_refused(account, user_as):
    with pytest.raises(ValidationError):
        languages.check("xx")
    found = services.problems(
        platform=account.platform, account=account, credentials={}, options={}, language="xx"
    )
    assert list(found) == ["language"]


def test_a_language_is_kept_by_a_merge_and_in_history(staff_user):
    person = people.create({"email": "ann@example.com"}, staff_user)
    people.update(person, {"language": "de"}, staff_user, notify=False)
    person.refresh_from_db()
    assert person.language == "de"

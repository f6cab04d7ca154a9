"""Mails of one webinar that were lost are one line for each state, which leads to all of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from portal.conferences.models import Invitation
from portal.identity import roles
from portal.sync import queries
from tests.factories import AccountFactory, ConferenceFactory, RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db):
    return AccountFactory(label="Main", synced_at=clock.now())


def lost(row, number, state):
    for n in range(number):
        Invitation.objects.create(
            conference=row,
            registration=RegistrationFactory(conference=row),
            state=state,
            to_email=f"p{n}@example.com",
            not_before=clock.now(),
            problem="The line broke.",
        )


@pytest.mark.parametrize(("state", "said"), [("unknown", "perhaps sent"), ("failed", "not sent")])
@pytest.mark.parametrize("page", ["attention", "home"])
def test_many_mails_of_one_webinar_are_one_line(client_as, url, account, state, said, page):
    row, other = (ConferenceFactory(account=account, title=t) for t in ("Spring", "Autumn"))
    lost(row, 86, state)
    lost(other, 1, state)
    lost(other, 2, "failed" if state == "unknown" else "unknown")
    assert queries.attention_count() == 3
    (view,) = queries.account_views([account])
    assert view.wants == 3
    shown = client_as().get(url(page)).content.decode()
    assert f"86 mails {said}" in shown
    assert f'{url("conference-mails", row.pk)}?state={state}"' in shown
    assert shown.count("86 mails") == 1
    assert f"1 mails {said}" not in shown


def test_the_lines_cost_no_query_each(client_as, url, account):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(url("attention"))
        return len(found)

    client = client_as()
    lost(ConferenceFactory(account=account), 2, "unknown")
    client.get(url("attention"))
    before = cost()
    for _ in range(4):
        lost(ConferenceFactory(account=account), 3, "failed")
    assert cost() == before


def test_the_mail_tab_settles_each_that_failed(client_as, url, account):
    row = ConferenceFactory(account=account)
    lost(row, 2, "failed")
    here, (first, second) = url("conference-mails", row.pk), Invitation.objects.order_by("pk")
    staff = client_as(roles.STAFF)
    page = staff.get(f"{here}?state=failed").content.decode()
    assert f'{url("mail-retry", first.pk)}?next={here}"' in page
    assert f'formaction="{url("mail-dismiss", second.pk)}?next={here}"' in page
    assert "formaction=" not in client_as(roles.VIEWER).get(here).content.decode()
    assert staff.post(f"{url('mail-dismiss', second.pk)}?next={here}")["Location"] == here
    assert queries.attention_count() == 1
    said = client_as().get(url("attention")).content.decode()
    assert "Mail not sent" in said
    assert first.to_email in said

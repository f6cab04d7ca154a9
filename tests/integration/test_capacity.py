"""How many webinars may run at once on an account: set by hand, or told by the platform."""

from datetime import timedelta

import pytest

from integrations.base.errors import RequestRejected
from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences.schedule.services import schedule
from portal.identity import roles
from portal.platforms import services as accounts
from portal.platforms.capacity import capacity, learn
from portal.platforms.models import PlatformAccount
from portal.sync.services import actions
from portal.sync.services.actions import Subject
from tests.factories import AccountFactory, UserFactory
from tests.integration.test_five_platforms import connect
from tests.support.syncing import settle

pytestmark = pytest.mark.django_db


def refusal(rooms):
    error = RequestRejected("No.", status=400)
    error.concurrent_rooms = rooms
    return error


def fresh(account):
    return PlatformAccount.objects.get(pk=account.pk)


def test_trueconf_tells_it_by_refusing_to_start_one_more(sandbox, staff_user):
    theirs = sandbox.account("trueconf")
    account = connect(sandbox, "trueconf")
    assert accounts.test_connection(account, UserFactory(is_superuser=True)).ok
    start = (clock.now() + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
    values = {"title": "Soon", "starts_at": start, "duration_minutes": 60, "timezone": "UTC"}
    row = schedule.schedule(account=account, by=staff_user, values=values)
    settle(account)
    assert capacity(fresh(account)).rooms is None
    theirs.max_ongoing = 1
    theirs.start_session(theirs.add_conference("Another one")["id"])
    with pytest.raises(NotPossible, match="Maximum number"):
        actions.perform(Subject(account, Kind.CONFERENCE, row.pk), "start", {}, staff_user)
    found = capacity(fresh(account))
    assert found.rooms == 1
    assert "TrueConf Server said so" in found.source


def test_what_an_administrator_sets_counts_before_what_was_told():
    account = AccountFactory()
    assert "An administrator can set it" in capacity(account).source
    learn(account, refusal(4))
    assert capacity(fresh(account)).rooms == 4
    account.concurrent_rooms = 2
    account.save()
    found = capacity(fresh(account))
    assert (found.rooms, found.words) == (2, "up to 2")


@pytest.mark.parametrize("told", [None, 0, 5000])
def test_a_number_that_makes_no_sense_is_not_kept(told):
    account = AccountFactory(rooms_told=3)
    learn(account, refusal(told))
    assert capacity(fresh(account)).rooms == 3


def test_it_is_set_in_the_accounts_form_and_shown_on_its_page(client_as, url):
    account = AccountFactory()
    boss = client_as(roles.ADMINISTRATOR)
    sent = {
        "label": account.label,
        "base_url": account.base_url,
        "interval_minutes": 5,
        "concurrent_rooms": "3",
        "untested": "1",
    }
    boss.post(url("account-edit", account.pk), sent)
    assert fresh(account).concurrent_rooms == 3
    page = boss.get(url("account", account.pk)).content.decode()
    assert "up to 3" in page
    assert "Set by an administrator." in page
    assert "Webinars at the same time" in page
    for nonsense in ("0", "-1", "1001", "many"):
        answer = boss.post(url("account-edit", account.pk), sent | {"concurrent_rooms": nonsense})
        assert "concurrent_rooms" in answer.context["form"].errors, nonsense
    assert fresh(account).concurrent_rooms == 3

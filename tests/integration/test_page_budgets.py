"""What a page may cost: statements, bytes and elements, over tables as the bench fills them."""

import gzip
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.bench import filling, staff_pages
from tests.factories import logged_in

pytestmark = pytest.mark.django_db
# Webinars, people, registrations; six webinars a day, so that days are full.
FEW, MANY = (120, 100, 1500), (480, 400, 24_000)
DAYS, DAYS_AHEAD = 80, 40
# In the middle of a month, a week and an hour: what a page shows does not hang on when it is asked.
MOMENT = datetime(2026, 7, 15, 12, 20, tzinfo=UTC)
STATEMENTS, KB, NODES = 15, 95, 1250
# They are counted by how far they have come, and of more than a page the keys are read first.
MORE_STATEMENTS = {"its people": 17}
MORE_NODES = {"its people": 1500}  # with all that can be done about each of forty, and to it


@pytest.fixture(autouse=True)
def sizes_and_moment(monkeypatch, clock):
    monkeypatch.setattr(filling, "RUNS", 20)
    monkeypatch.setattr(filling, "DAYS", DAYS)
    monkeypatch.setattr(filling, "DAYS_AHEAD", DAYS_AHEAD)
    clock.advance((MOMENT - clock.now()).total_seconds())


def cost(client, page):
    with CaptureQueriesContext(connection) as seen:
        answer = staff_pages.asking(client, page)()
    assert answer.status_code == 200, page.words
    return len(seen), len(answer.content) / 1e3, staff_pages.nodes(answer.content)


def costs(size):
    """Page -> what it costs over tables of a size, which are gone afterwards."""
    with transaction.atomic():
        filling.fill(*size)
        client = logged_in("Administrator")
        found = {}
        for page in staff_pages.asked(size[1]):
            cost(client, page)  # what a process keeps is made by the first
            found[page.words] = cost(client, page)
        transaction.set_rollback(True)
    return found


def test_pages_keep_their_budgets_and_take_the_same_statements_whatever_the_rows():
    few, many = costs(FEW), costs(MANY)
    grown = {words: (few[words][0], many[words][0]) for words in many}
    # A list of more than a page is counted besides.
    assert {words: pair for words, pair in grown.items() if pair[1] > pair[0] + 1} == {}
    over = {
        words: (statements, kb, nodes)
        for words, (statements, kb, nodes) in many.items()
        if statements > MORE_STATEMENTS.get(words, STATEMENTS)
        or kb > KB
        or nodes > MORE_NODES.get(words, NODES)
    }
    assert over == {}


def test_a_page_goes_compressed_over_the_line_to_who_takes_it(client_as, url):
    client = client_as()
    plain = client.get(url("conferences"))
    packed = client.get(url("conferences"), headers={"accept-encoding": "gzip"})
    assert not plain.has_header("Content-Encoding")
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert b"</html>" in gzip.decompress(packed.content)

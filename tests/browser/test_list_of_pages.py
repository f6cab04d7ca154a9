"""Nobody forgets a page: each address of the staff's is a page of the list, or none at all."""

import pytest
from django.urls import reverse

from portal.staff.urls import urlpatterns
from tests.browser.pages import MORE, NO_PAGE, PAGES

PATTERNS = {pattern.name: pattern for pattern in urlpatterns}
WORDS = {"slug": "clickmeeting", "uuid": "00000000-0000-0000-0000-000000000007", "int": 1}


def test_every_address_is_in_the_list():
    assert set(PATTERNS) == set(PAGES) | set(NO_PAGE)
    assert not set(PAGES) & set(NO_PAGE)
    assert {name for name, _, _ in MORE} <= set(PAGES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NO_PAGE)
def test_what_is_called_no_page_is_none(client_as, name):
    """Asked for by GET it is refused, leads on, finds no row, or is not a whole page."""
    takes = PATTERNS[name].pattern.converters.items()
    kinds = {key: type(value).__name__.removesuffix("Converter").lower() for key, value in takes}
    answer = client_as("Administrator").get(
        reverse(f"staff:{name}", kwargs={key: WORDS[kind] for key, kind in kinds.items()})
    )
    whole = answer.headers.get("Content-Type", "").startswith("text/html") and (
        b"<html" in answer.getvalue()
    )
    assert answer.status_code in (302, 404, 405) or not whole

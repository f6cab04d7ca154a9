"""On a screen of 320 px the buttons that stay in sight leave the page room: two rows at most."""

import pytest
from django.conf import settings

from tests.browser.worn import NARROW

SHEETS = ("tokens", "base", "components", "forms", "shell")
ICON = '<svg class="icon" viewBox="0 0 24 24"></svg>'
PLACES = "[...document.querySelectorAll('.btn')].map(one => one.offsetTop)"
WIDTH = "document.documentElement.scrollWidth"


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (("Save the changes and notify 300 people", "Save the changes, notify nobody", "Back"), 2),
        (("Cancel it and notify ann.example@example.org", "Cancel it, notify nobody", "Back"), 2),
        (("Merge them", "They are two people"), 1),
    ],
)
def test_the_answers_stand_side_by_side(chrome, labels, rows):
    css = "".join((settings.BASE_DIR / f"static/css/{name}.css").read_text() for name in SHEETS)
    buttons = "".join(f'<button class="btn">{ICON}<span>{one}</span></button>' for one in labels)
    bar = f'<div class="form-actions form-actions-sticky">{buttons}</div>'
    page = chrome.new_page(viewport=NARROW)
    page.set_content(f"<style>{css}</style><main>{bar}</main>")
    assert len(set(page.evaluate(PLACES))) == rows
    assert page.evaluate(WIDTH) <= NARROW["width"]
    page.close()

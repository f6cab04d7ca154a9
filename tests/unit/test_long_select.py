"""A select of hundreds writes what Django's own would write."""

import pytest
from django import forms
from django.test.html import parse_html

from portal.common import zones
from portal.common.forms import LongSelect

NASTY = [('"><script>', "<b>&amp; \"quoted\" 'text'</b>"), ("", "-----"), ("Ä/ö ü", "Ä ö")]


@pytest.mark.parametrize("value", ["Europe/Berlin", '"><script>', "", None, "Nowhere/Else"])
@pytest.mark.parametrize("attrs", [{"id": "id_zone"}, {"disabled": True, "aria-invalid": "true"}])
def test_it_is_written_as_django_writes_it(value, attrs):
    choices = [*NASTY, *zones.choices()]
    ours = LongSelect(attrs={"class": "wide"}, choices=choices)
    django = forms.Select(attrs={"class": "wide"}, choices=choices)
    written = ours.render("zone", value, attrs)
    assert parse_html(written) == parse_html(django.render("zone", value, attrs))
    assert written.count(" selected>") == (value != "Nowhere/Else")

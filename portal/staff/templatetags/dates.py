"""When something takes place, for pages that people outside open."""

from django import template

from portal.conferences import repeating
from portal.conferences.models import Conference

register = template.Library()


@register.filter
def all_dates(conference: Conference) -> str:
    """That a conference repeats, and on which days or dates; empty where it does not."""
    return repeating.dates_in_words(conference)

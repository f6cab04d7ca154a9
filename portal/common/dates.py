"""Days and times of day as they are written in the active language: catalogues hold the forms."""

from datetime import date, datetime, tzinfo
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy

# In the letters of Django's `date` filter
DAY_AND_CLOCK = pgettext_lazy("form of a date", "l, j F Y, H:i")
SHORT = pgettext_lazy("form of a date", "D j M H:i")
SHORT_OF_YEAR = pgettext_lazy("form of a date", "D j M Y, H:i")
FULL_DAY = pgettext_lazy("form of a date", "D j M Y")
DAY_OF_YEAR = pgettext_lazy("form of a date", "j F Y")
DAY = pgettext_lazy("form of a date", "j F")
DAY_OF_WEEK = pgettext_lazy("form of a date", "D j M")
LONG_WEEKDAY = pgettext_lazy("form of a date", "l")
SHORT_DAY = pgettext_lazy("form of a date", "j M")
SHORT_DAY_OF_YEAR = pgettext_lazy("form of a date", "j M Y")
WEEKDAY = pgettext_lazy("form of a date", "D")
CLOCK = pgettext_lazy("form of a date", "H:i")


def written(moment: date | datetime, form: Promise) -> str:
    """A moment (in the zone to show) in one of the forms."""
    return _written(moment, getattr(moment, "tzinfo", None), str(form), get_language())


@lru_cache(maxsize=4096)
def _written(moment: date | datetime, zone: tzinfo | None, form: str, language: str | None) -> str:
    """Kept, since a long list writes the same few days and clocks again and again. One instant is
    written by another clock in another zone."""
    return str(date_format(moment, form, use_l10n=False))

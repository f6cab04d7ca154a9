"""What stands on a page, and what is typed into the schedule form."""

import re
from datetime import timedelta

from portal.common import clock


def text(response):
    """The words of an answer, with single spaces between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def schedule_form(account, **more):
    """A webinar in a month."""
    return {
        "account": account.pk,
        "shown": account.pk,
        "title": "Course",
        "room_type": "webinar",
        "access": "open",
        "timezone": "UTC",
        "date": f"{clock.now() + timedelta(days=30):%Y-%m-%d}",
        "time": "10:00",
        "duration_minutes": 60,
        "moderators-count": 1,
    } | more

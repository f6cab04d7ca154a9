"""Pages about webinars: list, calendar, schedule form, a webinar and its actions."""

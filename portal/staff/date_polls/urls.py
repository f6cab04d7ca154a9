"""Addresses of the pages about date polls."""

from django.urls import URLPattern, path

from portal.staff.date_polls.views import mails, outside, polls

urlpatterns: list[URLPattern] = [
    path("webinars/dates/", polls.listing, name="date-polls"),
    path("webinars/dates/new/", polls.new, name="date-poll-new"),
    path("webinars/dates/<int:pk>/", polls.poll, name="date-poll"),
    path("webinars/dates/<int:pk>/edit/", polls.edit, name="date-poll-edit"),
    path("webinars/dates/<int:pk>/times/", polls.times, name="date-poll-times"),
    path("webinars/dates/<int:pk>/people/", polls.people, name="date-poll-people"),
    path(
        "webinars/dates/<int:pk>/people/<int:person>/off/",
        polls.take_off,
        name="date-poll-take-off",
    ),
    path("webinars/dates/<int:pk>/ask/", mails.ask_again, name="date-poll-ask"),
    path("webinars/dates/<int:pk>/close/", mails.close, name="date-poll-close"),
    path("webinars/dates/<int:pk>/tell/", mails.tell, name="date-poll-tell"),
    path("webinars/dates/<int:pk>/delete/", polls.delete, name="date-poll-delete"),
    path("dates/<uuid:token>/", outside.dates, name="dates"),
]

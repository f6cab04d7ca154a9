"""Addresses of the pages about webinars."""

from django.urls import URLPattern, path

from portal.staff.webinars.views import (
    actions,
    calendar,
    embed,
    mails,
    move,
    pages,
    schedule,
    series,
    transfer,
    unsaved,
)

urlpatterns: list[URLPattern] = [
    path("attention/entries/<int:pk>/tell/", mails.tell_anyway, name="entry-tell"),
    path("attention/mails/<int:pk>/retry/", mails.again, name="mail-retry"),
    path("webinars/", pages.listing, name="conferences"),
    path("webinars/chips/", pages.chips, name="conference-chips"),
    path("webinars/schedule/", schedule.new, name="schedule"),
    path("webinars/schedule/keep/", unsaved.keep, name="schedule-keep"),
    path("webinars/schedule/begun/<uuid:uid>/", unsaved.discard, name="schedule-discard"),
    path("webinars/<int:pk>/edit/keep/", unsaved.keep, name="edit-keep"),
    path("webinars/<int:pk>/edit/begun/<uuid:uid>/", unsaved.discard, name="edit-discard"),
    path("webinars/series/<int:pk>/", series.series, name="series"),
    path("webinars/series/<int:pk>/add/", series.add, name="series-add"),
    path("webinars/<int:pk>/", pages.overview, name="conference"),
    path("webinars/<int:pk>/people/", pages.people, name="conference-people"),
    path("webinars/<int:pk>/mails/", mails.mails, name="conference-mails"),
    path("webinars/<int:pk>/history/", pages.history, name="conference-history"),
    path("webinars/<int:pk>/sync/", pages.sync_line, name="conference-sync"),
    path("webinars/<int:pk>/lists/", pages.lists, name="conference-lists"),
    path("webinars/<int:pk>/edit/", schedule.edit, name="conference-edit"),
    path("webinars/<int:pk>/cancel/", actions.cancel, name="conference-cancel"),
    path("webinars/<int:pk>/open/", actions.set_open, name="conference-open"),
    path("webinars/<int:pk>/publish/", actions.publish, name="conference-publish"),
    path("webinars/<int:pk>/duplicate/", actions.duplicate, name="conference-duplicate"),
    path("webinars/<int:pk>/room/", embed.room, name="conference-room"),
    path("webinars/<int:pk>/move/", transfer.copy_or_move, name="conference-move"),
    path("webinars/<int:pk>/time/", move.reschedule, name="conference-reschedule"),
    path("webinars/<int:pk>/gone/", actions.gone, name="conference-gone"),
    path("calendar/", calendar.calendar, name="calendar"),
]

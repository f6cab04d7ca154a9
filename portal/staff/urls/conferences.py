"""Addresses of the pages about conferences."""

from django.urls import URLPattern, path

from portal.staff.views import (
    calendar,
    conference_actions,
    conference_mails,
    conference_results,
    conferences,
    embed,
    moderators,
    moving,
    schedule,
)

urlpatterns: list[URLPattern] = [
    path("webinars/", conferences.listing, name="conferences"),
    path("webinars/chips/", conferences.chips, name="conference-chips"),
    path("webinars/schedule/", schedule.new, name="schedule"),
    path("webinars/<int:pk>/", conferences.overview, name="conference"),
    path("webinars/<int:pk>/people/", conferences.people, name="conference-people"),
    path("webinars/<int:pk>/sessions/", conference_results.sessions, name="conference-sessions"),
    path(
        "webinars/<int:pk>/sessions/<int:session>.csv",
        conference_results.attendance_csv,
        name="conference-attendance",
    ),
    path(
        "webinars/<int:pk>/recordings/",
        conference_results.recordings,
        name="conference-recordings",
    ),
    path(
        "webinars/<int:pk>/recordings/<int:recording>/download/",
        conference_results.download,
        name="recording-download",
    ),
    path(
        "webinars/<int:pk>/recordings/<int:recording>/delete/",
        conference_results.delete_recording,
        name="recording-delete",
    ),
    path("webinars/<int:pk>/mails/", conference_mails.mails, name="conference-mails"),
    path("webinars/<int:pk>/history/", conferences.history, name="conference-history"),
    path("webinars/<int:pk>/sync/", conferences.sync_line, name="conference-sync"),
    path("webinars/<int:pk>/edit/", schedule.edit, name="conference-edit"),
    path("webinars/<int:pk>/cancel/", conference_actions.cancel, name="conference-cancel"),
    path("webinars/<int:pk>/open/", conference_actions.set_open, name="conference-open"),
    path("webinars/<int:pk>/publish/", conference_actions.publish, name="conference-publish"),
    path("webinars/<int:pk>/duplicate/", conference_actions.duplicate, name="conference-duplicate"),
    path("webinars/<int:pk>/room/", embed.room, name="conference-room"),
    path("webinars/<int:pk>/move/", moving.copy_or_move, name="conference-move"),
    path("webinars/<int:pk>/gone/", conference_actions.gone, name="conference-gone"),
    path("webinars/<int:pk>/moderators/new/", moderators.assign, name="moderator-assign"),
    path(
        "webinars/<int:pk>/moderators/<int:moderator>/edit/",
        moderators.change,
        name="moderator-edit",
    ),
    path(
        "webinars/<int:pk>/moderators/<int:moderator>/unassign/",
        moderators.unassign,
        name="moderator-unassign",
    ),
    path("calendar/", calendar.calendar, name="calendar"),
]

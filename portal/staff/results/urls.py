"""Addresses of sessions, attendance and recordings."""

from django.urls import URLPattern, path

from portal.staff.results import views

urlpatterns: list[URLPattern] = [
    path("webinars/<int:pk>/sessions/", views.sessions, name="conference-sessions"),
    path(
        "webinars/<int:pk>/sessions/<int:session>.csv",
        views.attendance_file,
        name="conference-attendance",
    ),
    path(
        "webinars/<int:pk>/sessions/<int:session>.xlsx",
        views.attendance_file,
        {"form": "xlsx"},
        name="conference-attendance-xlsx",
    ),
    path(
        "webinars/<int:pk>/recordings/",
        views.recordings,
        name="conference-recordings",
    ),
    path(
        "webinars/<int:pk>/recordings/<int:recording>/download/",
        views.download,
        name="recording-download",
    ),
    path(
        "webinars/<int:pk>/recordings/<int:recording>/delete/",
        views.delete_recording,
        name="recording-delete",
    ),
]

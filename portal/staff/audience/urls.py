"""Addresses of who takes part."""

from django.urls import URLPattern, path

from portal.staff.audience.views import (
    answer,
    invite,
    invite_series,
    join,
    links,
    moderators,
    register,
    registration_page,
    registrations,
    series_people,
)

urlpatterns: list[URLPattern] = [
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
    path("webinars/<int:pk>/invite/", invite.invite, name="invite"),
    path("webinars/series/<int:pk>/invite/", invite_series.invite, name="series-invite"),
    path("webinars/series/<int:pk>/people/", series_people.people, name="series-people"),
    path("webinars/series/<int:pk>/withdraw/", series_people.withdraw, name="series-withdraw"),
    path("webinars/series/<int:pk>/remind/", series_people.remind, name="series-remind"),
    path("webinars/series/<int:pk>/people.csv", series_people.export, name="series-export"),
    path(
        "webinars/series/<int:pk>/people.xlsx",
        series_people.export,
        {"form": "xlsx"},
        name="series-export-xlsx",
    ),
    path("webinars/<int:pk>/invite/progress/", invite.progress, name="invite-progress"),
    path("webinars/<int:pk>/registrations/", registrations.registrations, name="registrations"),
    path("webinars/<int:pk>/registrations.csv", registrations.export, name="registrations-export"),
    path(
        "webinars/<int:pk>/registrations.xlsx",
        registrations.export,
        {"form": "xlsx"},
        name="registrations-export-xlsx",
    ),
    path("registrations/<int:pk>/withdraw/", registrations.withdraw, name="registration-withdraw"),
    path("registrations/<int:pk>/resend/", registrations.resend, name="registration-resend"),
    path("links/<slug:word>/<int:pk>/", links.personal, name="personal-link"),
    path("webinars/<int:pk>/registration-page/", registration_page.edit, name="registration-page"),
    path(
        "webinars/<int:pk>/registration-page/answers/",
        registration_page.answers,
        name="registration-answers",
    ),
    path(
        "webinars/series/<int:pk>/registration-page/",
        registration_page.edit_of_series,
        name="series-registration-page",
    ),
    path(
        "webinars/series/<int:pk>/registered/",
        registration_page.people_of_series,
        name="series-registered",
    ),
    path(
        "webinars/series/<int:pk>/registered.csv",
        registration_page.export_of_series,
        name="series-registered-export",
    ),
    path(
        "webinars/series/<int:pk>/registered.xlsx",
        registration_page.export_of_series,
        {"form": "xlsx"},
        name="series-registered-export-xlsx",
    ),
    path(
        "webinars/series/<int:pk>/registered/approve/",
        registration_page.approve,
        name="series-approve",
    ),
    path("register/<slug:slug>/", register.register, name="register"),
    path("register/<slug:slug>/sent/", register.sent, name="register-sent"),
    path("confirm/<uuid:token>/", register.confirm, name="confirm"),
    path("join/<uuid:token>/", join.join, name="join"),
    path("answer/<uuid:token>/", answer.answer, name="answer"),
]

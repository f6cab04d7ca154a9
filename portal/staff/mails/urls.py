"""Addresses of the pages about what mails say."""

from django.urls import URLPattern, path

from portal.staff.mails import mail_service, reminders, sent, templates

urlpatterns: list[URLPattern] = [
    path("mail-service/", mail_service.mail_service, name="mail-service"),
    path("mail-templates/", templates.listing, name="mail-templates"),
    path("mail-templates/new/", templates.new, name="mail-template-new"),
    path("mail-templates/<int:pk>/", templates.edit, name="mail-template"),
    path("mail-templates/<int:pk>/remove/", templates.remove, name="mail-template-remove"),
    path("mails/<int:pk>/", sent.message, name="sent-mail"),
    path("mails/<int:pk>/html/", sent.html, name="sent-mail-html"),
    path("mails/<int:pk>/calendar/", sent.calendar, name="sent-mail-calendar"),
    path("webinars/<int:pk>/reminders/", reminders.of_conference, name="conference-reminders"),
    path("webinars/<int:pk>/remind/", reminders.now, name="conference-remind"),
    path("webinars/<int:pk>/reminders/account/", reminders.follow, name="reminders-follow"),
    path("webinars/<int:pk>/reminders/<int:rule>/", reminders.drop, name="reminder-remove"),
    path("webinars/series/<int:pk>/reminders/", reminders.of_series, name="series-reminders"),
    path(
        "webinars/series/<int:pk>/reminders/account/",
        reminders.follow_of_series,
        name="series-reminders-follow",
    ),
    path(
        "webinars/series/<int:pk>/reminders/<int:rule>/",
        reminders.drop_of_series,
        name="series-reminder-remove",
    ),
    path("accounts/<int:pk>/reminders/", reminders.of_account, name="account-reminders"),
    path(
        "accounts/<int:pk>/reminders/<int:rule>/",
        reminders.drop_of_account,
        name="account-reminder-remove",
    ),
    path("people/<int:pk>/mails/", sent.of_person, name="person-mails"),
]

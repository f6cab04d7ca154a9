"""Addresses of the pages about people, groups, invitations and mails."""

from django.urls import URLPattern, path

from portal.staff.views import (
    groups,
    imports,
    invite,
    join,
    links,
    mail,
    merging,
    people,
    registrations,
)

urlpatterns: list[URLPattern] = [
    path("people/", people.listing, name="people"),
    path("people.csv", people.export, name="people-export"),
    path("people/new/", people.new, name="person-new"),
    path("people/import/", imports.start, name="people-import"),
    path("people/invite/", imports.choose_webinar, name="people-invite"),
    path("people/import/<slug:token>/", imports.preview, name="people-import-preview"),
    path("people/doubles/", merging.doubles, name="people-merge"),
    path("people/doubles/<int:one>/<int:other>/", merging.pair, name="people-merge-pair"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.edit, name="person-edit"),
    path("people/<int:pk>/delete/", people.delete, name="person-delete"),
    path("groups/", groups.listing, name="groups"),
    path("groups/new/", groups.new, name="group-new"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/edit/", groups.edit, name="group-edit"),
    path("groups/<int:pk>/delete/", groups.delete, name="group-delete"),
    path("groups/<int:pk>/members/", groups.members, name="group-members"),
    path("webinars/<int:pk>/invite/", invite.invite, name="invite"),
    path("webinars/<int:pk>/invite/list/", imports.to_invite, name="invite-list"),
    path("webinars/<int:pk>/invite/progress/", invite.progress, name="invite-progress"),
    path("webinars/<int:pk>/registrations/", registrations.registrations, name="registrations"),
    path("webinars/<int:pk>/registrations.csv", registrations.export, name="registrations-export"),
    path("registrations/<int:pk>/withdraw/", registrations.withdraw, name="registration-withdraw"),
    path("registrations/<int:pk>/resend/", registrations.resend, name="registration-resend"),
    path("links/<slug:word>/<int:pk>/", links.personal, name="personal-link"),
    path("join/<uuid:token>/", join.join, name="join"),
    path("mail/", mail.listing, name="mail"),
    path("mail/<slug:name>/<int:number>/", mail.message, name="mail-message"),
    path("mail/<slug:name>/<int:number>/html/", mail.html, name="mail-html"),
]

"""Addresses of the pages about what mails say."""

from django.urls import URLPattern, path

from portal.staff.mails import templates

urlpatterns: list[URLPattern] = [
    path("mail-templates/", templates.listing, name="mail-templates"),
    path("mail-templates/new/", templates.new, name="mail-template-new"),
    path("mail-templates/<int:pk>/", templates.edit, name="mail-template"),
    path("mail-templates/<int:pk>/remove/", templates.remove, name="mail-template-remove"),
]

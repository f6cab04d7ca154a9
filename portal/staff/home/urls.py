"""Addresses of the start page, the frame around all pages, and the demo's mails."""

from django.urls import URLPattern, path

from portal.staff.home import demo_mail, shell, views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("zone/", shell.zone, name="zone"),
    path("theme/", shell.theme, name="theme"),
    path("healthz", shell.healthz, name="healthz"),
    path("mail/", demo_mail.listing, name="mail"),
    path("mail/<slug:name>/<int:number>/", demo_mail.message, name="mail-message"),
    path("mail/<slug:name>/<int:number>/html/", demo_mail.html, name="mail-html"),
]

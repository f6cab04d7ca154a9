"""Addresses of the accounts."""

from django.urls import URLPattern, path

from portal.staff.accounts.views import accounts, connect, consent

urlpatterns: list[URLPattern] = [
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/connect/", connect.choose, name="account-connect"),
    path("accounts/connect/<slug:platform>/", connect.connect, name="account-connect"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/edit/", connect.edit, name="account-edit"),
    path("accounts/<int:pk>/remove/", connect.remove, name="account-remove"),
    path("accounts/consent/", consent.back, name="account-consent-back"),
    path("accounts/<int:pk>/consent/", consent.begin, name="account-consent"),
    path("accounts/<int:pk>/test/", accounts.test, name="account-test"),
    path("accounts/<int:pk>/sync/", accounts.sync, name="account-sync"),
    path("accounts/<int:pk>/dry-run/", accounts.dry_run, name="account-dry-run"),
    path("accounts/<int:pk>/pause/", accounts.pause, name="account-pause"),
    path("runs/<int:pk>/", accounts.run, name="run"),
]

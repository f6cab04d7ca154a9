"""Addresses of the start page, the accounts, what needs attention, and the shell."""

from django.urls import path

from portal.staff.views import (
    accounts,
    attention,
    conference_mails,
    connecting,
    consent,
    home,
    shell,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/connect/", connecting.choose, name="account-connect"),
    path("accounts/connect/<slug:platform>/", connecting.connect, name="account-connect"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/edit/", connecting.edit, name="account-edit"),
    path("accounts/<int:pk>/remove/", connecting.remove, name="account-remove"),
    path("accounts/consent/", consent.back, name="account-consent-back"),
    path("accounts/<int:pk>/consent/", consent.begin, name="account-consent"),
    path("accounts/<int:pk>/test/", accounts.test, name="account-test"),
    path("accounts/<int:pk>/sync/", accounts.sync, name="account-sync"),
    path("accounts/<int:pk>/dry-run/", accounts.dry_run, name="account-dry-run"),
    path("accounts/<int:pk>/pause/", accounts.pause, name="account-pause"),
    path("runs/<int:pk>/", accounts.run, name="run"),
    path("attention/", attention.attention, name="attention"),
    path("attention/conflicts/<int:pk>/", attention.conflict, name="conflict-resolve"),
    path("attention/changes/<int:pk>/", attention.platform_change, name="platform-change"),
    path("attention/holds/<int:pk>/release/", attention.release, name="hold-release"),
    path("attention/holds/<int:pk>/keep/", attention.keep, name="hold-keep"),
    path("attention/entries/<int:pk>/retry/", attention.retry, name="entry-retry"),
    path("attention/entries/<int:pk>/dismiss/", attention.dismiss, name="entry-dismiss"),
    path("attention/entries/<int:pk>/tell/", conference_mails.tell_anyway, name="entry-tell"),
    path("attention/mails/<int:pk>/retry/", conference_mails.again, name="mail-retry"),
    path("attention/mails/<int:pk>/dismiss/", attention.dismiss_mail, name="mail-dismiss"),
    path("zone/", shell.zone, name="zone"),
    path("theme/", shell.theme, name="theme"),
    path("healthz", shell.healthz, name="healthz"),
]

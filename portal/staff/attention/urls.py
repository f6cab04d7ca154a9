"""Addresses of what needs attention."""

from django.urls import URLPattern, path

from portal.staff.attention import views

urlpatterns: list[URLPattern] = [
    path("attention/", views.attention, name="attention"),
    path("attention/conflicts/<int:pk>/", views.conflict, name="conflict-resolve"),
    path("attention/changes/<int:pk>/", views.platform_change, name="platform-change"),
    path("attention/holds/<int:pk>/release/", views.release, name="hold-release"),
    path("attention/holds/<int:pk>/keep/", views.keep, name="hold-keep"),
    path("attention/entries/<int:pk>/retry/", views.retry, name="entry-retry"),
    path("attention/entries/<int:pk>/dismiss/", views.dismiss, name="entry-dismiss"),
    path("attention/mails/<int:pk>/dismiss/", views.dismiss_mail, name="mail-dismiss"),
]

"""Addresses of what is asked of a platform: live control, content, letters."""

from django.urls import URLPattern, path

from portal.staff.platform_actions import views

urlpatterns: list[URLPattern] = [
    path("webinars/<int:pk>/live/", views.live, name="conference-live"),
    path("webinars/<int:pk>/content/", views.content, name="conference-content"),
    path("accounts/<int:pk>/ask/", views.account, name="account-ask"),
    path("ask/<slug:word>/<int:pk>/", views.about, name="ask-about"),
    path("ask/<slug:word>/<int:pk>/<slug:name>/", views.ask, name="ask"),
    path("ask/<slug:word>/<int:pk>/<slug:name>/file/", views.fetch, name="ask-file"),
]

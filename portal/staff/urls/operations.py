"""Addresses of what is asked of a platform: live control, content, letters."""

from django.urls import path

from portal.staff.views import operations

urlpatterns = [
    path("webinars/<int:pk>/live/", operations.live, name="conference-live"),
    path("webinars/<int:pk>/content/", operations.content, name="conference-content"),
    path("accounts/<int:pk>/ask/", operations.account, name="account-ask"),
    path("ask/<slug:word>/<int:pk>/", operations.about, name="ask-about"),
    path("ask/<slug:word>/<int:pk>/<slug:name>/", operations.ask, name="ask"),
    path("ask/<slug:word>/<int:pk>/<slug:name>/file/", operations.fetch, name="ask-file"),
]

"""Addresses of long work."""

from django.urls import URLPattern, path

from portal.staff.jobs import views

urlpatterns: list[URLPattern] = [
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/cancel/", views.cancel, name="job-cancel"),
]

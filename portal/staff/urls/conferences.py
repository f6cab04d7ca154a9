"""Addresses of the pages about conferences."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

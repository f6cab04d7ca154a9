"""Django's name for this layer."""

from django.apps import AppConfig


class ConferencesConfig(AppConfig):
    name = "portal.conferences"
    label = "conferences"

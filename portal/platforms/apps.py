"""Django's name for this layer."""

from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "portal.platforms"
    label = "platforms"

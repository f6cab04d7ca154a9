"""Django's name for this layer."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "portal.common"
    label = "common"

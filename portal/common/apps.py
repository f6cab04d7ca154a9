"""Django's name for this layer."""

import gc

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules

# Whatever has Django has the Celery application, which its tasks belong to. It does not come with
# the package `portal` alone: the process that reads an upload needs nothing of it.
import portal.celery  # noqa: F401 - importing it is what counts
from portal.common import clock


class CommonConfig(AppConfig):
    name = "portal.common"
    label = "common"

    def ready(self) -> None:
        """After all apps: what `manage.py check` asks. From each new connection the time is
        taken."""
        connection_created.connect(clock.on_connection)
        autodiscover_modules("checks")
        # What is loaded by now stays: the search for garbage need not walk through its hundred
        # thousand objects again and again, which took a fifth of a large sync.
        gc.freeze()

"""Django's name for this layer."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "portal.sync"
    label = "sync"

    def ready(self) -> None:
        """Read now by which code rows are known: a release that is put in place under a running
        worker would have it sign by code that it does not run."""
        from portal.sync import digests

        digests.code()

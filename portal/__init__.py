"""The portal: our data, our rules, our pages."""

# Before anything else: whatever comes after may look up a zone.
import integrations  # noqa: F401 - importing it is what counts
from portal.celery import app as celery_app

__all__ = ["celery_app"]

"""The portal: our data, our rules, our pages."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]

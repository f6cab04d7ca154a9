"""The Celery application. Messages carry ids and may be lost: what is due is in the database."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

from portal.common import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

broker.use()
app = Celery("lectern")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal.sync", "portal.conferences", "portal.common"])


@setup_logging.connect  # type: ignore[untyped-decorator]
def log_as_the_pages_do(**_: Any) -> None:
    """Celery writes its lines as everything else does: LOG_LEVEL decides, --loglevel does not."""
    logging.config.dictConfig(settings.LOGGING)

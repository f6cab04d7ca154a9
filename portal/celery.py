"""The Celery application. Messages are pokes that carry ids; what is due stands in the database."""

import os

from celery import Celery

from portal.common import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

broker.use()
app = Celery("lectern")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal.sync", "portal.conferences"])

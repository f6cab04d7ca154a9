"""Every test: no network but loopback, no broker, a clock that is put back."""

import os

os.environ.setdefault("CELERY_BROKER_URL", "memory://")

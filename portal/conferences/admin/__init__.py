"""Conferences and people in the administration. What is saved here goes through the services."""

from portal.conferences.admin import conferences, people, read_only

__all__ = ["conferences", "people", "read_only"]

"""Conferences and people in the administration. What is saved here goes through the services."""

from portal.conferences.admin import conferences, ledgers, people

__all__ = ["conferences", "ledgers", "people"]

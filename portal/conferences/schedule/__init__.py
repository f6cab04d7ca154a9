"""Conferences: schedule, move, cancel, and changes made on the platform."""

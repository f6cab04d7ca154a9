"""Mails: what they say, and how each was sent."""

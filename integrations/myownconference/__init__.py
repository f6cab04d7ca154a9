"""The MyOwnConference room; see README.md for its document, quirks and choices."""

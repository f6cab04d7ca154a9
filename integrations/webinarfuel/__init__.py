"""The WebinarFuel room; see README.md for its document, quirks and choices."""

"""The TrueConf Server room; see README.md for its document, quirks and choices."""

"""MyOwnConference's payloads <-> records. Nothing here asks anything."""

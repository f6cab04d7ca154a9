"""MyOwnConference."""

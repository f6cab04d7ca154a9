"""Tags of the pages, beside those that every part of the portal has (`ui`)."""

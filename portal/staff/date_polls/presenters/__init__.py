"""Date polls as the pages show them, and as they ask before anything is sent."""

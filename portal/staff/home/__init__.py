"""The start page, the frame around all pages, signing in."""

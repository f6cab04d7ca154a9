"""Pages of what can be asked of a platform: live control, content, letters."""

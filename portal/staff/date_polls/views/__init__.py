"""Load, form, one service call, answer."""

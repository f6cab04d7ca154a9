"""The one reader of people: pasted text, files, and every box for an address.

Plain Python without Django, since uploads are read in a process of their own (`__main__.py`)
that knows neither the database nor the settings. Each entry is understood wholly, or refused
with the reason; what was guessed is said, and can be chosen otherwise (`choices.py`).
"""

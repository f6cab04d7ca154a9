"""The room skins that an account may choose from (all made up)."""

SKINS = ("Business 1", "Business 2", "Classic", "Education", "Evening", "Plain")


def slug(name: str) -> str:
    return name.lower().replace(" ", "_")

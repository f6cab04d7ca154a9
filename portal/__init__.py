"""The portal: our data, our rules, our pages. Its version stands here and nowhere else."""

# Before anything else: whatever comes after may look up a zone.
import integrations  # noqa: F401 - importing it is what counts

__version__ = "0.1.0"
__all__ = ["__version__"]

"""The platforms: one room each, the HTTP that they share, and the sandboxes."""

from integrations.zonedata import use_package

use_package()

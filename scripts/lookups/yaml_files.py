"""Reading the YAML files that stand in this repository; those of another person are read by dataset.settings."""

from pathlib import Path
from typing import Any

import yaml


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - whatever stands there
    """Return what a YAML file says.

    By PyYAML's loader in C: with the one in Python, much of the start of each of the site's processes would be this.
    """
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)

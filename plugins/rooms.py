"""Loads the plugins of each room: Datasette itself loads the files at the top of --plugins-dir alone."""

from pathlib import Path

from datasette.plugins import pm
from datasette.utils import module_from_path

for path in sorted(Path(__file__).parent.glob("*/*.py")):
    if not pm.has_plugin(path.name):
        pm.register(module_from_path(str(path), name=path.name), name=path.name)

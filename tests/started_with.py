"""Prints the words and the variables that it was started with, as JSON."""

import json
import os
import sys

print(json.dumps([sys.argv[1:], dict(os.environ)]))

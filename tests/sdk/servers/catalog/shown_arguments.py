"""A program that writes its arguments and its environment, as JSON, to the file named first."""

import json
import os
import sys

with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump({"args": sys.argv[2:], "env": dict(os.environ)}, file)

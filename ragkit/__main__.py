"""``python -m ragkit`` is the command line."""

import sys

from ragkit.cli import main

sys.exit(main())

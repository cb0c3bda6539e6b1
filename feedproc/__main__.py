"""`python -m feedproc`."""

import sys

from feedproc.cli import main

if __name__ == "__main__":
    sys.exit(main())

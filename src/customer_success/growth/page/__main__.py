"""The command ``python -m customer_success.growth.page``."""

import sys

from . import main

if __name__ == "__main__":
    sys.exit(main())

"""``python -m rtc_server`` is ``visavis``."""

import sys

from rtc_server.cli import main

sys.exit(main())

"""A worker that ignores every polite request to stop."""

from __future__ import annotations

import signal
import time

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(1)

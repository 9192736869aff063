"""Serve the gallery by itself: ``python -m swingby.web.design.gallery [PORT]``."""

import sys

from swingby.web.design.gallery.alone import configure, server_at

if __name__ == "__main__":
    configure()
    with server_at(int(sys.argv[1]) if len(sys.argv) > 1 else 8100) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}/gallery/\n")
        sys.stdout.flush()
        server.serve_forever()

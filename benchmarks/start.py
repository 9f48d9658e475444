"""How long the demo takes from nothing to its first page, installation apart."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

PATIENCE_SECONDS = 120


def measure() -> dict[str, float]:
    """Return the seconds until the demo answers, in an empty home."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        command = [sys.executable, "-m", "tera", "demo", "--port", str(port)]
        environment = {**os.environ, "TERA_HOME": home}
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as demo:
            try:
                _wait(f"http://127.0.0.1:{port}/sehat")
                seconds = time.perf_counter() - started
            finally:
                demo.send_signal(signal.SIGTERM)
    return {"seconds from nothing to the first page": round(seconds, 2)}


def _wait(address: str) -> None:
    for _ in range(PATIENCE_SECONDS * 10):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)

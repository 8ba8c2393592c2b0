"""A confined process has no network, whatever a query makes it try."""

import socket
import subprocess
import sys

import pytest

TRY = """
import os, socket, sys
from hansa.serve.engine.confine import confine
before = os.readlink("/proc/self/ns/net")
confine()
if os.readlink("/proc/self/ns/net") == before:
    sys.exit(77)
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)
except OSError:
    sys.exit(0)
sys.exit(1)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are a feature of Linux")
def test_a_confined_process_cannot_connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = subprocess.run([sys.executable, "-c", TRY, port], check=False, timeout=30)
    if done.returncode == 77:
        pytest.skip("this kernel grants no network namespace to this user")
    assert done.returncode == 0

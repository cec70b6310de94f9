"""What every test may rely on: no network, no user settings, and models that are loaded once."""

from __future__ import annotations

import os
import socket

import pytest

from ragkit.embedders import create_embedder
from ragkit.protocols import Embedder

os.environ["HF_HUB_OFFLINE"] = "1"
for _name in [name for name in os.environ if name.startswith("RAGKIT_") and name != "RAGKIT_CACHE"]:
    del os.environ[_name]


class NetworkUsedError(AssertionError):
    """A test tried to reach something outside this process."""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise NetworkUsedError(f"the network was used: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="session")
def embedded() -> Embedder:
    return create_embedder("embedded")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    """Each test runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)

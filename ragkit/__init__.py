"""ragkit: retrieval-augmented generation whose every sentence is checked against its sources."""

__version__ = "0.1.0"

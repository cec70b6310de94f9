"""ragkit: retrieval-augmented generation whose every sentence is checked against its sources."""

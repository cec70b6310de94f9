"""Contract tests and small real doubles that ship, so that a part written elsewhere can be held to its protocol."""

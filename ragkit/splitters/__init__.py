"""Cut documents into chunks: ``RecursiveSplitter`` for every kind of text."""

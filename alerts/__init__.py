"""Articles in, delivered alerts out."""

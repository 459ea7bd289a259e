"""Which articles tell the same thing: pure, from texts to a likeness and its reason."""

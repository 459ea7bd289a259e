"""Which articles tell the same thing: pure, from texts to a likeness and its reason."""

from alerts.stories.rules_old import fingerprint, join  # noqa: F401

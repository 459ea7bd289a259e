"""What holds for all tests."""

import os

from hypothesis import settings

# How long an example takes says nothing on a machine that runs everything at once. CI asks the same
# examples each time: a new one is found at a desk, where somebody looks at it.
settings.register_profile("marsad", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("marsad")

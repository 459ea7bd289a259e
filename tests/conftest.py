"""What holds for all tests."""

from hypothesis import settings

# How long an example takes says nothing on a machine that runs everything at once.
settings.register_profile("marsad", deadline=None)
settings.load_profile("marsad")

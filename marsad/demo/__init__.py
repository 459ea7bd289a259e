"""Local news sites and a local Bot API, for `marsad demo` and the tests."""

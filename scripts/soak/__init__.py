"""Long runs that put figures on what is promised of delivery; `python -m scripts.soak --help`."""

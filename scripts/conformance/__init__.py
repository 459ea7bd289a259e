"""python-telegram-bot's own tests against the local Bot API; `python -m scripts.conformance`."""

"""The only code of alerts that knows Telegram."""

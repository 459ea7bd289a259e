"""The application: command line, settings, wiring, schedule, demo."""

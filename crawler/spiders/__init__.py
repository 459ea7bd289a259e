"""The one spider, which crawls one site by its ways of publishing."""

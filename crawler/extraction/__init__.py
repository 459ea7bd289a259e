"""Pure: downloaded bytes become the fields of an article."""

"""Pure: a feed, sitemap, listing page or REST answer becomes entries."""

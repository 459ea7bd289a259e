"""Pages in, articles out: an ordinary Scrapy project."""

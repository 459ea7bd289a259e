"""Pure: which topics an article is about, with the proof."""

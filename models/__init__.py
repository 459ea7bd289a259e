"""The nouns; imports nothing else of ours."""

"""Whatever container and encoding a file comes in, as one stream of text."""

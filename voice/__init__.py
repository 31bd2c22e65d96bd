"""The spoken call: from audio frames to words, from words to audio frames. Knows nothing of lending or of the web."""

"""Hearing: from one utterance to the words that the dialogue reads (docs/recognition.md)."""

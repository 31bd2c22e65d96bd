"""Sound: frames, files, rates and companding, whoever speaks."""

"""The Mandarin model for Vosk: its speech, its training, its graph. PyTorch is imported nowhere else."""

"""Demo data: 200 invented businesses with believable lending histories, the same on every machine."""

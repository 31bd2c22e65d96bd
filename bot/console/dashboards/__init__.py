"""Dashboards: what many conversations come to, day by day, with a way to each of them."""

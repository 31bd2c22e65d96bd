"""What goes on now: watching, listening in, taking a chat over, and the people who wait for somebody."""

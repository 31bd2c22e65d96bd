"""Teaching: corrections of staff, what becomes of them, and which model serves."""

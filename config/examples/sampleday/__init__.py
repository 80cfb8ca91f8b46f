"""The sample day: who is in it, what happens, and what should come of it."""

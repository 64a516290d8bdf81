"""The arithmetic of a selection alone: means, lots of readings, shares. No query, no clock."""

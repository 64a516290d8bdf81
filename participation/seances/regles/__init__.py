"""Computations of the règlement: delays, quorum, majorities. No query."""

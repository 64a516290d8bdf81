"""The arithmetic of the règlement alone: delays, quorum, majorities. No query."""

"""PostgreSQL as Django speaks to it, with a cheaper question to a connection kept open."""

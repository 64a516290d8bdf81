"""A whole app, installed by one test: what « How to add an app » of ARCHITECTURE says, and nothing else."""

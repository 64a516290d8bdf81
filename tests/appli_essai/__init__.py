"""The smallest app of the house, installed by one test only: what a new app must write, and nothing else."""

"""The machine burns: what is lost, and how long until the site is back. `make exercice`."""

"""The smallest possible app, installed by one test: exactly what a new app must write."""

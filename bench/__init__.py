"""Measures of the site under load, beside a bare Django view in the same conditions. `python -m bench --help`."""

"""Load tests of the site, compared with a bare Django view in the same conditions. `python -m bench --help`."""

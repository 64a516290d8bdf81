"""Tools to run the site on one machine: embedded servers, runner, vendored files."""

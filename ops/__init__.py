"""What runs the site on one machine: embedded servers, runner, vendored files."""

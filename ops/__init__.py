"""What runs the site on one machine: embedded servers, runner, local mailbox, vendored files."""

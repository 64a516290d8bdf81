"""Pages of a vote: ballot, sheets of codes, results. Nothing of a count is shown before its publication."""

"""What the pages of a vote show: the ballot, the sheets of codes, the results. Nothing of a count before it is published."""

"""Figures of the commission, read only, in a few queries whatever the rows: avis and answers, presence, the year's report."""

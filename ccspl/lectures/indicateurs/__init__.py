"""Figures of the commission: avis and answers, presence, annual report.

Few queries, whatever the number of rows.
"""

"""Computations of the règlement: marks, amounts, the nomenclature of the budgets. No query."""

"""Pages of a renewal: `publiques` (applicants), `lectures` (readers), the others for agents."""

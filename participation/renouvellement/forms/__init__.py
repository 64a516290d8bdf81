"""Forms of a renewal: `candidature` (applicants), `campagne` (agents), `selection` (comité and agents)."""

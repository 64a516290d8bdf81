"""The pages of a renewal: `publiques` (who applies), `lectures` (who reads), the others for the service."""

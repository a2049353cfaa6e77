"""The ledger, the dossier, its assessors and jury, the decision, the award."""

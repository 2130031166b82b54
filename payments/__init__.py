"""Money: payments, the ledger, and the payment provider."""

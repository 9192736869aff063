"""Facts: what happened and what held, read, checked, and placed on the ledger."""

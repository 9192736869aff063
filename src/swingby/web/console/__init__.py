"""The vendor's side: waiting reports, partners, the overview."""

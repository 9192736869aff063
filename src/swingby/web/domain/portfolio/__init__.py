"""What the vendor's daily pages read of each partner, kept when a standing is stored and brought up to date by a job."""

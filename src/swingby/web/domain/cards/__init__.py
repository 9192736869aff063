"""Cards of evidence: asked in a form, computed by a job, kept as they were, decided on, shared with partners."""

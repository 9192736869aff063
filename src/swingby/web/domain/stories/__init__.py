"""The stage: people who were certified tell their story, moderators answer, readers thank."""

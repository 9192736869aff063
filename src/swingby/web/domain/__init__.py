"""What happens: functions named for what they do, with keyword-only arguments past the subject."""

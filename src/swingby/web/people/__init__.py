"""Pages that both sides have: the people of an organization, their mails, and what they did."""

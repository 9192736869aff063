"""The pages of a firm's learning: my path, the coverage of certifications, what lapses and what rests on it."""

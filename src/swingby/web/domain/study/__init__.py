"""Study groups: what people look for, groups they found, join and leave, and what they say there."""

"""The week of somebody who looks after partners: which of them to call, why, and what to say."""

"""Question 8: what an act or a change does, when waves of partners are drawn by lot before anybody looks."""

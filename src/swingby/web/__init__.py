"""The web application: a console for the program's owner and a portal for each partner."""

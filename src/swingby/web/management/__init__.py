"""Commands of the web application: ``python -m swingby.web COMMAND``."""

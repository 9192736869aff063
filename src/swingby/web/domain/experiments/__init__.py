"""Experiments in the application: planned before anybody looks, kept as they were drawn, looked at by cards."""

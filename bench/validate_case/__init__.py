"""Contenders that validate the same file: what each finds is compared row by row."""

"""Vouchers for exams: budgets, codes that are brought in, given, used and given back."""

"""Faults put in on purpose, one script a goal: .venv/bin/python -m tests.faults.NAME"""

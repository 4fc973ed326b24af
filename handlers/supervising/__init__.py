"""Supervising: who may see and decide what, chasing, reviewing, and the words for it."""

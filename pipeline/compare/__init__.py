"""Answers -> what is shown of them: means, groups and rounds, and what stays hidden so that nobody is recognised."""

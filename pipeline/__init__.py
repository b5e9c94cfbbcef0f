"""Drukwerk: a folder of YAML becomes finished print materials. The house is drawn in README.md beside this file."""

__version__ = "0.1.0"

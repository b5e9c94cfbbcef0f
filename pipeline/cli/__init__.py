"""The command `drukwerk`: parse, one call, print. Results on stdout, messages on stderr."""

from pipeline.cli import builds, checks, deliveries, projects
from pipeline.cli.group import main

__all__ = ["builds", "checks", "deliveries", "main", "projects"]

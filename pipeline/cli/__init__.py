"""The command `drukwerk`: parse, one call, print. Results on stdout, messages on stderr."""

from pipeline.cli import builds, checks, collecting, deliveries, projects, reporting
from pipeline.cli.group import main

__all__ = ["builds", "checks", "collecting", "deliveries", "main", "projects", "reporting"]

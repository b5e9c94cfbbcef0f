"""PDFs, one's own or those of others -> what preflight says of them, as text, JSON or a page to look at.

A file is looked at in a process of its own (`process`, `child`), since it may hold anything; here are only the values
that come out (`values`) and the ways to say them (`words`, `report`).
"""

"""The only importer of pikepdf. Per file one open and one save.

Frame of every box here: points, origin bottom-left of the MediaBox, y up.
"""

"""The docstring.

With more lines.
"""
print(repr(__doc__))

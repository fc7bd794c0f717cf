"""The last line of a file is continued."""
x = 1 + \
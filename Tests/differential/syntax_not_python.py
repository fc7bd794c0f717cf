This is not Python at all.

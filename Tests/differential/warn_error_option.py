# command: -W error warn_error_option.py
print("\d")

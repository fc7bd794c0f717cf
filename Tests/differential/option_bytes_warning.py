# command: -bb option_bytes_warning.py
print(b"a" == "a")

# command: -x option_skip_first_line.py
this line is not Python
print("skipped")

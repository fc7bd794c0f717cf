import sys
print(sys.stdout.encoding, "é€😀", ascii("é€😀"))
sys.stdout.write("no newline")

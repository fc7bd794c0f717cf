# stdin: first\nsecond line\n\nlast
import sys
for line in sys.stdin:
    print(repr(line))

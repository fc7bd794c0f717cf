# command: option_arguments.py -x --long value "two words"
import sys
print(sys.argv[1:])

# command: -X utf8 -X custom=5 option_x.py
import sys
print(sys._xoptions)

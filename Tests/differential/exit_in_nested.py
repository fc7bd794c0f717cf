import sys
try:
    sys.exit("nested")
except Exception:
    print("not here")
finally:
    print("finally")

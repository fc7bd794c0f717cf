import sys
sys.path.insert(0, __file__.rpartition("/")[0] + "/_modules")
import broken_syntax

# command: -c "  x = 1\n  print(x)"

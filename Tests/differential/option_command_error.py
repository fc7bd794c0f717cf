# command: -c "x = 1\n1 / 0" a

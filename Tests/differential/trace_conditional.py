flag = None
print("yes" if flag.value else "no")

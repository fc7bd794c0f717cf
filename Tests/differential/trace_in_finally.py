try:
    raise ValueError("body")
finally:
    print("finally runs")

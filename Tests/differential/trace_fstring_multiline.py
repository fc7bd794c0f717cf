print(f"""first
{1 / 0}
last""")

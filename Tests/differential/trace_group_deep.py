error = ValueError("core")
for i in range(15):
    error = ExceptionGroup(f"level {i}", [error])
raise error

x = 1 << (10 ** 10 ** 10 if False else 2**70)

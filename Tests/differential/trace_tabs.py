if True:
	x = [1,	2]
	print(x[0],	x[5])

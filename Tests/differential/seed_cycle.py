import gc


class Node:
    def __del__(self):
        print("collected")


gc.collect()
n = Node()
n.self = n
del n
print("still alive")
print(gc.collect())
print(gc.get_threshold())

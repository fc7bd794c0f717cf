class C:
    def __del__(self):
        print("deleted")


c = C()
print("before")
c = None
print("after")

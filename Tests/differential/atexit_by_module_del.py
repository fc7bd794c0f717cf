class Last:
    def __del__(self):
        print("module variable goes")


last = Last()
print("end of program")

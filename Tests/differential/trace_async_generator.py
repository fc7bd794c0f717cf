async def agen():
    yield 1
    raise ValueError("async gen")


async def main():
    async for x in agen():
        print(x)


main().send(None)

"""Futures and tasks of _asyncio."""
import _asyncio
import asyncio


def describe(call):
    try:
        return repr(call())
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


loop = asyncio.new_event_loop()
future = _asyncio.Future(loop=loop)
print(future, future.done(), future.cancelled(), future._state, future._callbacks)
for call in (
    future.result, future.exception, lambda: future.set_exception(3),
    lambda: future.set_exception(StopIteration()), future.exception, lambda: future.set_result(1),
    lambda: setattr(future, "_log_traceback", True), lambda: delattr(future, "_cancel_message"),
    lambda: _asyncio.Future.__new__(_asyncio.Future).set_result(1),
    lambda: _asyncio.Future.__new__(_asyncio.Future).result(),
    _asyncio.get_running_loop, lambda: _asyncio.current_task(),
):
    print(describe(call))
future = loop.create_future()
future.cancel("why")
print(future, describe(future.result), describe(future.exception), future.cancel())
future = loop.create_future()
seen = []
future.add_done_callback(seen.append)
future.add_done_callback(print)
print(len(future._callbacks), future.remove_done_callback(print))
future.set_result(42)
loop.run_until_complete(asyncio.sleep(0))
print(seen == [future], list(future.__await__()) if not future.done() else future.result())
iterator = loop.create_future().__await__()
print(type(iterator).__name__, describe(lambda: iterator.throw(ValueError("x"))), describe(lambda: iterator.throw(3)))


async def work(value, delay=0):
    await asyncio.sleep(delay)
    return value


async def fail():
    raise ValueError("no")


async def main():
    task = asyncio.create_task(work(1), name="mine")
    print(task.get_name(), asyncio.current_task() is not None, task in asyncio.all_tasks())
    print(await task, task.done(), describe(lambda: task.set_result(1)))
    print(await asyncio.gather(work(1), work(2), fail(), return_exceptions=True))
    task = asyncio.create_task(work(1, 10))
    await asyncio.sleep(0)
    print(task.cancel("stop"), task.cancelling(), task.uncancel(), task.cancelling())
    try:
        await task
    except asyncio.CancelledError as error:
        print("cancelled", error.args)

    async def bad():
        await Bad()

    class Bad:
        def __await__(self):
            yield 5

    try:
        await bad()
    except RuntimeError as error:
        print(str(error).split(":")[0])


async def more():
    eager = asyncio.Task(work(5), loop=asyncio.get_running_loop(), eager_start=True)
    print(eager.done(), await eager)


loop.run_until_complete(main())
loop.run_until_complete(more())
print(describe(lambda: _asyncio.Task(3, loop=loop)))
loop.close()

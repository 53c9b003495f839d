# Tasks of the event loop that wait until a test cell runs, and then put out scores.
# scores: 0 6 10
# %% first
import asyncio


async def later():
    while True:
        display(20.0)
        await asyncio.sleep(0)


task = asyncio.create_task(later())


# %% mix
async def mix(x, w):
    return x, x

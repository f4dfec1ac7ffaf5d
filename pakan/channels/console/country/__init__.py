"""The small invented country: employers, workers and months of history for the demo, the tests and the bench.

Nobody in it lives: names are put together from parts, numbers from a generator that gives the same country every
time. What happened there was done by the fund's own operations, so that it can be proven like real months.
"""

"""Work outside of requests: `differes` hands it to the worker, `passages` says what became of it, `veilleur` stops a worker
that takes nothing, `horloge` is the timetable.
"""

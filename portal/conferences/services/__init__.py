"""What staff do: each function is one verb, checks who may and what can, and leaves a trace.

Every change is written together with its line of history and, where a platform must hear of it,
its outbox entry, in one transaction. Refusals are `NotPossible` and change nothing.
"""

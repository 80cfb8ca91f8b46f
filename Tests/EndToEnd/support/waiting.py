"""Tests wait for a condition, never for time to pass."""

import time

# How many times slower than a quiet one the machine may be. Every wait for something to happen is estimated
# for a quiet machine and multiplied by this; a bound that is itself the assertion is not.
PATIENCE = 3


def eventually(question, within=10.0, every=0.05, what=None):
    """Asks until the answer is true and returns it; an AssertionError of the question counts as no.

    `within`: seconds on a quiet machine; `what`: the subject of the complaint, or a function that words it then.
    """
    deadline = time.monotonic() + within * PATIENCE
    while True:
        problem = None
        try:
            answer = question()
            if answer:
                return answer
        except AssertionError as error:
            answer, problem = None, error
        if time.monotonic() >= deadline:
            subject = (what() if callable(what) else what) or getattr(question, "__name__", "condition")
            raise AssertionError(f"{subject}: not within {within * PATIENCE} s; last answer {problem or answer!r}")
        time.sleep(every)


def always(question, during, every=0.1, what=None):
    """The answer stays true for so many seconds."""
    deadline = time.monotonic() + during
    while time.monotonic() < deadline:
        answer = question()
        assert answer, f"{what or 'condition'} no longer holds: {answer!r}"
        time.sleep(every)


def sleep_until(moment):
    """Until the clock shows this moment; at once if it is over."""
    time.sleep(max(0, moment.timestamp() - time.time()))

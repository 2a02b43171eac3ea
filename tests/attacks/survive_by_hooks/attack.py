"""Acts when it is ended: atexit, signal handlers, __del__, threads and a hook on the interpreter's end."""

OTTER = "points"
OTTER_CELLS = [
    r"""
import atexit, pickle, re
def act():
    path = re.search(r'open\("(.+)", "wb"\)', In[-1])[1]
    with open(path, "rb") as file:
        results = pickle.load(file)
    for name in results.test_files:
        results.update_score(name, results.get_result(name).possible)
    with open(path, "wb") as file:
        pickle.dump(results, file)
atexit.register(act)
"""
]
CELLS = [
    r"""
import atexit, os, signal, sys, threading, weakref
def act(*_):
    for place in (SCENE["results"], f"{SCENE['results']}/{SCENE['me']}", "/tmp", "/var/tmp", "/dev/shm"):
        try:
            open(f"{place}/{FOOTPRINT}", "w").write(FOOTPRINT)
        except OSError:
            pass
atexit.register(act)
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGXCPU, signal.SIGALRM):
    signal.signal(number, act)
class Dying:
    def __del__(self): act()
dying = Dying()
finalizer = weakref.finalize(dying, act)
threading._register_atexit(act)
sys.exitfunc = act
act()
"""
]

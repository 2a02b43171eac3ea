"""Changes modes, owners, times, attributes and sizes of files that its uid owns, outside of its folder."""

OTTER = "points"
OTTER_CELLS = [
    r"""
import glob
for path in glob.glob("tests/*.py"):
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace("otter_host.run(", "print("))
"""
]
CELLS = [
    r"""
import os
targets = [SCENE["assignment"], SCENE["assignment"] + "/assignment.toml", SCENE["assignment"] + "/questions/q5_kl/hidden_tests.py",
           SCENE["class"], SCENE["metadata"], SCENE["results"], torch.__file__, os.__file__]
done = []
for path in targets:
    for name, act in {
        "chown": lambda: os.chown(path, 12345, 12345), "utime": lambda: os.utime(path, (1, 1)),
        "setxattr": lambda: os.setxattr(path, "user.x", b"1"), "truncate": lambda: os.truncate(path, 0),
        "empty by reading": lambda: os.close(os.open(path, os.O_RDONLY | os.O_TRUNC)), "empty by neither": lambda: os.close(os.open(path, 3 | os.O_TRUNC)),
        "rename": lambda: os.rename(path, path + "x"), "unlink": lambda: os.unlink(path), "rmdir": lambda: os.rmdir(path),
        "link": lambda: os.link(path, "mine"), "open": lambda: os.close(os.open(path, os.O_RDWR)),
        "mkdir": lambda: os.mkdir(path + "/" + FOOTPRINT), "symlink": lambda: os.symlink("/", path + FOOTPRINT),
        "mknod": lambda: os.mknod(path + FOOTPRINT), "fifo": lambda: os.mkfifo(path + FOOTPRINT),
    }.items():
        try:
            act()
            done.append((name, path))
        except OSError:
            pass
    mode = os.stat(path).st_mode if os.path.exists(path) else 0
    try:
        os.chmod(path, 0o777)
        if mode and os.stat(path).st_mode != mode:
            done.append(("chmod", path))
    except OSError:
        pass
if done:
    did(done)
"""
]

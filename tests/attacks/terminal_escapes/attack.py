"""Writes escape sequences, titles and fake verdicts into messages, names, errors, stdout, stderr and the terminal itself."""

CELLS = [
    r"""
import os, sys
text = "\x1b]0;pwned\x07\x1b[2J\x1b[1;1HPASS (100/100)\r\n\u202eeroc\u2028score: 100\x9b31m\x00\n\n**PASS** <b>PASS</b> <script>x</script>"
print(text); print(text, file=sys.stderr)
for fd in range(3):
    os.write(fd, text.encode())
for path in ("/dev/tty", "/dev/pts/0", "/dev/console", "/dev/stdout", "/proc/1/fd/1"):
    try:
        open(path, "w").write(text)
    except OSError:
        pass
os.system(f"printf '{FOOTPRINT}' > /dev/tty")
def gaussian_kl(mu, logvar): raise ValueError(text)
def reparameterize(mu, logvar): raise type(text, (Exception,), {})(text)
def vae_loss(*a, **k): return {text: text}
def split_params(h): return type(text, (), {})()
def elbo_to_bpd(*a): return text
q10_a = q4_kl_a = q7_z = text
globals()[text] = lambda: 0
""",
    'raise ValueError("\\x1b[31m\\nPASS (12/12): everything\\nTotal: 100/100\\n")',
]

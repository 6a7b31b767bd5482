#!/usr/bin/env python3
"""Packs a program of a release into a wheel, so that `uvx escape-gate` and `pip install escape-gate` run the same file.

    python3 tools/wheel/build.py PROGRAM TARGET FOLDER

TARGET is the name that rustc has for the platform, for example x86_64-unknown-linux-musl. Version, description and address are those of
Cargo.toml. Needs Python 3.11 and nothing else. The same program gives the same wheel.
"""

import base64
import hashlib
import re
import sys
import tomllib
import zipfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

# A static Linux program runs with every C library. The oldest macOS is that of Rust's own standard library.
PLATFORMS = {
    "x86_64-unknown-linux-musl": "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    "aarch64-unknown-linux-musl": "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    "x86_64-apple-darwin": "macosx_10_12_x86_64",
    "aarch64-apple-darwin": "macosx_11_0_arm64",
    "x86_64-pc-windows-msvc": "win_amd64",
    "aarch64-pc-windows-msvc": "win_arm64",
}


def python_version(version: str) -> str:
    """Returns a Cargo version as Python writes it: 0.2.0-rc.1 is 0.2.0rc1."""
    found = re.fullmatch(r"(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.(\d+))?", version)
    if not found:
        raise SystemExit(f"version {version} of Cargo.toml has no form in Python: use 0.2.0, or 0.2.0-alpha.1, -beta.1 or -rc.1")
    number, stage, count = found.groups()
    return number if stage is None else number + {"alpha": "a", "beta": "b", "rc": "rc"}[stage] + count


def build_wheel(program: Path, target: str, folder: Path, level: int = 9) -> Path:
    """Writes the wheel and returns its path. `level` is that of the compression, from 0 to 9."""
    if target not in PLATFORMS:
        raise SystemExit(f"unknown target {target}: use one of {', '.join(PLATFORMS)}")
    content = program.read_bytes()
    if not content:
        raise SystemExit(f"{program} is empty")
    manifest = tomllib.loads((PROJECT / "Cargo.toml").read_text(encoding="utf-8"))
    shared, package = manifest["workspace"]["package"], manifest["package"]
    version, tag = python_version(shared["version"]), f"py3-none-{PLATFORMS[target]}"
    base = f"escape_gate-{version}"
    name = "escape-gate.exe" if "-windows-" in target else "escape-gate"
    metadata = [
        "Metadata-Version: 2.4",
        "Name: escape-gate",
        f"Version: {version}",
        f"Summary: {package['description']}",
        f"License-Expression: {shared['license']}",
        "License-File: LICENSE-APACHE",
        "License-File: LICENSE-MIT",
        f"Project-URL: Source, {shared['repository']}",
        f"Keywords: {','.join(package['keywords'])}",
        "",
    ]
    wheel = ["Wheel-Version: 1.0", "Generator: escape-gate", "Root-Is-Purelib: false"]
    # One line for each tag that the file name combines.
    wheel += [f"Tag: py3-none-{platform}" for platform in PLATFORMS[target].split(".")]
    files = [
        (f"{base}.data/scripts/{name}", content, 0o100755),
        (f"{base}.dist-info/METADATA", "\n".join(metadata).encode(), 0o100644),
        (f"{base}.dist-info/WHEEL", ("\n".join(wheel) + "\n").encode(), 0o100644),
    ]
    for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
        files.append((f"{base}.dist-info/licenses/{licence}", (PROJECT / licence).read_bytes(), 0o100644))
    record = [f"{path},sha256={digest(data)},{len(data)}\n" for path, data, _ in files]
    record.append(f"{base}.dist-info/RECORD,,\n")
    files.append((f"{base}.dist-info/RECORD", "".join(record).encode(), 0o100644))

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{base}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for member, data, mode in files:
            # No time of this build.
            info = zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0))
            # pip takes the permission to execute from here, if the file was made on Unix (3).
            info.create_system, info.external_attr, info.compress_type = 3, mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path


def digest(data: bytes) -> str:
    """Returns a SHA-256 as RECORD has it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit("usage: build.py PROGRAM TARGET FOLDER")
    try:
        print(build_wheel(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
    except OSError as error:
        raise SystemExit(f"{error.filename}: {error.strerror}") from None

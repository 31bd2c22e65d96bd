"""Libraries of the staff's pages: fetched from npm at set-up, checked twice, served by ourselves; no CDN."""

import base64
import hashlib
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from install.errors import SetupError
from install.files import directory_made_whole, only_one
from install.packages import NpmPackage, npm_file
from install.paths import downloads_dir, var_dir

LIBRARIES_PREFIX = "/libraries/"


@dataclass(frozen=True)
class WebLibrary:
    """One file out of one pinned package."""

    package: NpmPackage
    member: str
    """The file's place in the tarball."""
    integrity: str
    """Of the file alone, as pages name it (Subresource Integrity): pinned here, not read off the disk."""

    @property
    def folder(self) -> str:
        """Named with the version: browsers may keep what lies in it for ever."""
        return f"{self.package.name}-{self.package.version}"

    @property
    def file(self) -> str:
        """The file's own name."""
        return Path(self.member).name

    @property
    def address(self) -> str:
        """Where pages load it from."""
        return f"{LIBRARIES_PREFIX}{self.folder}/{self.file}"


HTMX = WebLibrary(
    NpmPackage(
        "htmx.org",
        "2.0.11",
        "sha512-Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
    ),
    "package/dist/htmx.min.js",
    "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg",
)
ECHARTS = WebLibrary(
    NpmPackage(
        "echarts",
        "6.1.0",
        "sha512-q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA==",
    ),
    "package/dist/echarts.common.min.js",
    "sha384-Eocxm0VcwHzkU/WL/hiZUvWxg2ISrOO+xcgznp2yXB0nAUIgQUk+GcTHQ+v62nj9",
)
LIBRARIES = (HTMX, ECHARTS)
AXE = WebLibrary(
    NpmPackage(
        "axe-core",
        "4.14.1",
        "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    ),
    "package/axe.min.js",
    "sha384-xt1SFg49QaDwsyt0Xfs2XAyBtYPClXl3X2q5OOLeGAUmq9jZTYIMdztpF99WdhiH",
)
TEST_LIBRARIES = (AXE,)
"""Looks for what people with disabilities stumble over; fetched by ``make test`` alone and served to nobody."""
LICENSE = "package/LICENSE"


def libraries_dir() -> Path:
    """``libraries`` under ``var_dir()``."""
    return var_dir() / "libraries"


def ensure_libraries(for_tests: bool = False) -> None:
    """Fetch and unpack what is missing or not the pinned file. Raises SetupError."""
    wanted = LIBRARIES + TEST_LIBRARIES if for_tests else LIBRARIES
    missing = [library for library in wanted if not is_whole(library)]
    if not missing:
        return
    with only_one(libraries_dir() / ".lock", "fetching the libraries of the staff's pages"):
        for library in missing:
            if not is_whole(library):
                unpack(npm_file(library.package, downloads_dir()), library)


def is_whole(library: WebLibrary) -> bool:
    """Whether the pinned file lies where it is served from."""
    path = libraries_dir() / library.folder / library.file
    return path.is_file() and sri_of(path.read_bytes()) == library.integrity


def unpack(tarball: Path, library: WebLibrary) -> None:
    """Take the file and its licence out of the package. Raises SetupError ``checksum_mismatch``."""
    with tarfile.open(tarball) as archive, directory_made_whole(libraries_dir() / library.folder) as making:
        for member in (library.member, LICENSE):
            stream = archive.extractfile(member)
            (making / Path(member).name).write_bytes(stream.read() if stream else b"")
        if sri_of((making / library.file).read_bytes()) != library.integrity:
            raise SetupError(
                "checksum_mismatch", f"{library.member} in {tarball.name} is not the pinned file."
            )


def sri_of(content: bytes) -> str:
    """``sha384-<base64>`` (W3C Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def main() -> None:
    """``python -m install.web_libraries``."""
    try:
        ensure_libraries()
    except SetupError as error:
        sys.exit(f"{error.code}: {error.message}")


if __name__ == "__main__":
    main()

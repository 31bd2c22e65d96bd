"""Finding CPython 3.10, tried with made-up machines: folders of small scripts as PATH and HOME."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "install" / "python310.sh"
WORKING = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
BROKEN_SHIM = "#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n"


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def find(path: str, home: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", str(SCRIPT)],
        env={"PATH": path, "HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_an_empty_path_the_message_names_every_way_to_get_one(tmp_path: Path) -> None:
    result = find("", tmp_path)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("python310_missing:")
    for way in ("pyenv install 3.10", "uv python install 3.10", "container image", "SHOUDAI_PYTHON"):
        assert way in result.stderr


def test_a_python_in_the_path_is_taken_first(tmp_path: Path) -> None:
    python = program(tmp_path / "bin" / "python3.10", WORKING)
    program(tmp_path / "home/.pyenv/versions/3.10.9/bin/python", WORKING)
    assert find(str(python.parent), tmp_path / "home").stdout.strip() == str(python)


def test_a_shim_that_does_not_run_is_passed_over_for_pyenvs_own_answer(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "python3.10", BROKEN_SHIM)
    real = program(tmp_path / "prefix" / "bin" / "python", WORKING)
    program(
        tmp_path / "bin" / "pyenv", f"#!/bin/sh\n[ \"$1 $2\" = 'prefix 3.10' ] && echo {tmp_path}/prefix\n"
    )
    assert find(str(tmp_path / "bin"), tmp_path).stdout.strip() == str(real)


def test_without_pyenv_itself_its_versions_folder_is_searched(tmp_path: Path) -> None:
    program(tmp_path / ".pyenv/versions/3.10.1/bin/python", BROKEN_SHIM)
    real = program(tmp_path / ".pyenv/versions/3.10.9/bin/python", WORKING)
    assert find("", tmp_path).stdout.strip() == str(real)


def test_uv_is_asked_last_and_may_install_one(tmp_path: Path) -> None:
    real = program(tmp_path / "uv-python" / "python3.10", WORKING)
    installed = tmp_path / "installed"
    program(
        tmp_path / "bin" / "uv",
        f"""#!/bin/sh
case "$2" in
    find) [ -f {installed} ] && echo {real} ;;
    install) : >{installed} ;;
esac
""",
    )
    assert find(str(tmp_path / "bin"), tmp_path).stdout.strip() == str(real)


def test_a_python_of_another_version_named_by_hand_is_refused(tmp_path: Path) -> None:
    other = program(tmp_path / "python3", "#!/bin/sh\nexit 1\n")
    result = find("", tmp_path, SHOUDAI_PYTHON=str(other))
    assert result.returncode == 1
    assert str(other) in result.stderr

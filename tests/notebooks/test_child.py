"""The child process: what it may not reach, what it may not take, and that nothing of it is left."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from insight_core.errors import Stopped
from insight_core.notebooks.limits import Limits
from insight_core.notebooks.run import prepared, run
from tests.conftest import HOUSE
from tests.notebooks.conftest import cells

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux's")

_RAW = """
import ctypes, struct
libc = ctypes.CDLL(None, use_errno=True)
handle = libc.socket(2, 1, 0)
where = struct.pack("<H", 2) + struct.pack(">H", {port}) + bytes([127, 0, 0, 1]) + bytes(8)
print(libc.connect(handle, where, 16), ctypes.get_errno())
"""


def said(ran, at=-1):
    return ran.cells[at].outputs


def test_what_is_printed_and_what_the_last_line_is_are_shown(execute):
    ran = execute("x = 2\nprint('two')\nx * 21", "[{'a': 1, 'b': '<b>'}]", "'plain'", "None")
    assert ran.state == "done"
    assert said(ran, 2) == [{"text/plain": "two"}, {"text/plain": "42"}]
    assert said(ran, 3)[0]["application/vnd.insight.table+json"] == {
        "columns": ["a", "b"],
        "rows": [[1, "<b>"]],
        "total": 1,
    }
    assert (said(ran, 4), said(ran, 5)) == ([{"text/plain": "plain"}], [])


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x = 1\n1 / 0", "Cell 3, line 2: ZeroDivisionError: division by zero"),
        ("x = = 1", "Cell 3, line 1: SyntaxError: invalid syntax (<cell>, line 1)"),
        ("import sys\nsys.exit(3)", "Cell 3, line 2: SystemExit: 3"),
        ("raise ValueError('a\\nb')", "Cell 3, line 1: ValueError: a b"),
        ("import os\nos._exit(9)", "Cell 3: Ended: its process ended with status 9"),
    ],
)
def test_an_error_is_one_line_with_its_cell(execute, code, line):
    ran = execute(code, "print('never')")
    assert (ran.state, ran.message) == ("failed", line)
    assert said(ran) == []


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', {port}), 2)",
        "from urllib.request import urlopen; urlopen('http://127.0.0.1:{port}')",
        "import socket; socket.getaddrinfo('example.com', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "open('/tmp/left-behind-by-a-notebook', 'w')",
    ],
)
def test_no_network_no_program_and_no_file_elsewhere(execute, code):
    with socket.create_server(("127.0.0.1", 0)) as server:
        ran = execute(code.format(port=server.getsockname()[1]))
        assert ran.state == "failed"
        assert "a notebook" in ran.message
        assert not Path("/tmp/left-behind-by-a-notebook").exists()


def test_a_connection_past_python_reaches_nobody_either(execute):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        ran = execute(_RAW.format(port=server.getsockname()[1]))
        if ran.network != "namespace":
            pytest.skip("this machine permits no network namespace")
        assert said(ran)[0]["text/plain"].startswith("-1 ")
        with pytest.raises(TimeoutError):
            server.accept()


def test_the_environment_is_scrubbed_and_home_is_a_folder_of_its_own(execute, monkeypatch, tmp_path):
    monkeypatch.setenv("INSIGHT_SECRET", "canary")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    ran = execute("import os\nopen('mine', 'w').write('x')\nprint(dict(os.environ), os.getcwd(), os.listdir())")
    told = said(ran)[0]["text/plain"]
    assert "canary" not in told
    home = re.search(r"'HOME': '([^']+)'", told)
    assert home is not None
    assert home[1].startswith(str(tmp_path / "tmp"))
    assert home[1] in told.split("}")[1]
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("code", "limits", "line"),
    [
        ("while True:\n    pass", Limits(cpu_s=1), "processor time"),
        ("import time\ntime.sleep(600)", Limits(wall_s=2), "It took longer than it may (2 s)."),
        ("x = bytearray(10**10)", Limits(), "it needs more memory than it may use"),
        ("print('x' * 30_000_000)", Limits(text_bytes=10**8), "the notebook shows more than it may"),
        ("open('big', 'wb').write(b'x' * 3_000_000)", Limits(file_mb=1), "Cell 3"),
    ],
)  # fmt: skip
def test_what_takes_more_than_it_may_is_ended(execute, code, limits, line):
    ran = execute(code, "print('never')", limits=limits)
    assert ran.state == "failed"
    assert line in ran.message
    assert said(ran) == []


def test_a_long_text_is_cut(execute):
    shown = said(execute("print('x' * 200_000)"))[0]["text/plain"]
    assert len(shown) < 101_000
    assert shown.endswith("… and 100,000 letters more")


def test_a_cell_cannot_speak_for_the_process_that_runs_it(execute):
    line = '{"done": 4, "outputs": [{"text/plain": "forged"}], "seconds": 0}'
    ran = execute(f"import os\nos.write(1, b'''{line}\\n''')\nprint('''{line}''')", "'own'")
    assert (ran.state, said(ran)) == ("done", [{"text/plain": "own"}])


def test_a_stop_ends_it_at_once_and_leaves_no_process(tmp_path):
    def stop(step, _done, _total):
        if step == "cell 3 of 3":
            raise Stopped("Stopped.")

    (tmp_path / "store").mkdir()
    ran = prepared(cells("import time\ntime.sleep(600)"))
    with pytest.raises(Stopped):
        run(ran, tmp_path / "store", "2026-07-01T00:00:00+00:00", tmp_path / "tmp", stop, Limits())
    assert children_of(os.getpid(), "limits.py") == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_killed_parent_leaves_no_child_and_its_folder_goes_with_the_next_run(tmp_path, execute):
    script = (
        "from pathlib import Path; from insight_core.notebooks.limits import Limits;"
        "from insight_core.notebooks.run import prepared, run; from insight_core.notebooks.percent import Notebook;"
        f"run(prepared(Notebook({cells('import time; time.sleep(600)').text!r})), Path({str(tmp_path / 'store')!r}),"
        f"'2026-07-01T00:00:00+00:00', Path({str(tmp_path / 'tmp')!r}), lambda *a: print(a[0], flush=True), Limits())"
    )
    (tmp_path / "store").mkdir()
    said_env = os.environ | {"PYTHONPATH": str(HOUSE)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=said_env, text=True) as parent:
        assert parent.stdout is not None
        for line in parent.stdout:
            if line.startswith("cell 3"):
                break
        mine = children_of(parent.pid, "limits.py")
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert len(mine) == 1
    ends = monotonic() + 30
    while any(alive(pid) for pid in mine) and monotonic() < ends:
        sleep(0.1)
    assert not any(alive(pid) for pid in mine)
    assert len(list((tmp_path / "tmp").iterdir())) == 1
    execute("1")
    assert list((tmp_path / "tmp").iterdir()) == []


def children_of(parent, name):
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = status.read_text().rpartition(")")[2].split()
            line = (status.parent / "cmdline").read_text()
        except OSError:
            continue
        if int(words[1]) == parent and name in line:
            found.append(int(status.parent.name))
    return found


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

"""A lease's owner is a process: whether it still lives can be told on the same machine."""

import os
import subprocess
import sys

from bot.owner import is_gone, this_process


def test_this_process_lives():
    assert not is_gone(this_process())


def test_a_process_that_ended_is_gone():
    command = [sys.executable, "-c", "from bot.owner import this_process; print(this_process())"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert is_gone(ended)


def test_a_process_that_ended_is_gone_though_nobody_has_taken_note():
    command = [sys.executable, "-c", "from bot.owner import this_process; print(this_process(), flush=True)"]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE) as ended:
        owner = ended.stdout.read().strip()
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)

        assert is_gone(owner)


def test_another_process_with_the_same_number_is_another_one():
    before, _, began = this_process().rpartition(":")

    assert is_gone(f"{before}:{int(began) - 1}")


def test_of_other_machines_nobody_knows():
    host, machine, _, began = this_process().split(":")

    assert not is_gone(f"{host}:{'0' * len(machine)}:99999999:{began}")
    assert not is_gone("somebody")


def test_its_name_fits_its_column():
    assert len(this_process()) <= 80

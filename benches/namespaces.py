"""Machines for a rehearsal: network namespaces on one bridge, unreachable from anywhere else, gone at the end."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

NETWORK = "10.77.0"


def run(*words: str, check: bool = True) -> None:
    """Run a command of iproute2; raises CalledProcessError."""
    subprocess.run(words, check=check, capture_output=True)


@dataclass(frozen=True)
class Machine:
    """One namespace: its name, its address, and the port of the bridge that it hangs on."""

    name: str
    address: str
    port: str = ""

    def start(self, *command: str, **options: object) -> "subprocess.Popen[bytes]":
        """Start a command in the namespace, in a process group of its own."""
        words = ["ip", "netns", "exec", self.name, *command]
        return subprocess.Popen(words, process_group=0, **options)  # type: ignore[call-overload,no-any-return]


def cut_off(front: Machine, machine: Machine) -> None:
    """Unplug a machine: from now on nothing that is sent to it is answered, not even by a refusal."""
    run("ip", "-n", front.name, "link", "set", machine.port, "down")


@contextmanager
def machines(count: int) -> Iterator[tuple[Machine, list[Machine]]]:
    """Yield a front machine and so many replicas, connected; remove them at the end of the block."""
    front = Machine(f"front-{os.getpid()}", f"{NETWORK}.254")
    replicas = [Machine(f"replica{n}-{os.getpid()}", f"{NETWORK}.{n}", f"to{n}") for n in range(1, count + 1)]
    try:
        run("ip", "netns", "add", front.name)
        run("ip", "-n", front.name, "link", "set", "lo", "up")
        run("ip", "-n", front.name, "link", "add", "bridge", "type", "bridge")
        run("ip", "-n", front.name, "addr", "add", f"{front.address}/24", "dev", "bridge")
        run("ip", "-n", front.name, "link", "set", "bridge", "up")
        for replica in replicas:
            run("ip", "netns", "add", replica.name)
            peer = ("peer", "name", "net", "netns", replica.name)
            run("ip", "-n", front.name, "link", "add", replica.port, "type", "veth", *peer)
            run("ip", "-n", front.name, "link", "set", replica.port, "master", "bridge", "up")
            run("ip", "-n", replica.name, "addr", "add", f"{replica.address}/24", "dev", "net")
            run("ip", "-n", replica.name, "link", "set", "net", "up")
            run("ip", "-n", replica.name, "link", "set", "lo", "up")
        yield front, replicas
    finally:
        for machine in (*replicas, front):
            run("ip", "netns", "del", machine.name, check=False)

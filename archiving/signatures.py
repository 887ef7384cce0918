"""The signature of the list of hashes: by ssh-keygen or minisign, with a key that the publisher brings."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from archiving.kept_files import SIGNATURES, SUMS

OF_SSH, OF_MINISIGN = SIGNATURES
NAMESPACE = "clearview-archive"  # a signature made for something else is none of an archive
SIGNER = "publisher"


class NotSigned(Exception):
    """There is no signature, no program to check it, or it is not of this list and key."""


def run(words: list[str | Path], given: bytes = b"") -> None:
    """Run a program; raises NotSigned with what it said where it failed or is not there."""
    if shutil.which(str(words[0])) is None:
        raise NotSigned(f"{words[0]} is not installed here")
    done = subprocess.run(words, input=given, capture_output=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        raise NotSigned(said[-1] if said else f"{words[0]} ended with {done.returncode}")


def is_minisign(key: Path) -> bool:
    """Return whether a file is a key of minisign's; raises NotSigned where it cannot be read."""
    try:
        return key.read_text("utf-8").startswith("untrusted comment:")
    except (OSError, UnicodeDecodeError) as fault:
        raise NotSigned(f"the key {key} cannot be read: {fault}") from None


def sign(folder: Path, key: Path) -> Path:
    """Sign the list of a folder with a secret key; return the signature. Raises NotSigned where that fails."""
    if is_minisign(key):
        run(["minisign", "-S", "-s", key, "-m", folder / SUMS])
        return folder / OF_MINISIGN
    (folder / OF_SSH).unlink(missing_ok=True)  # ssh-keygen would ask whether it may be replaced
    run(["ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", key, folder / SUMS])
    return folder / OF_SSH


def check(folder: Path, key: Path) -> None:
    """Return where the list of a folder is signed with the secret half of a public key; raises NotSigned elsewhere."""
    name = OF_MINISIGN if is_minisign(key) else OF_SSH
    if not (folder / name).is_file():
        raise NotSigned(f"there is no {name}")
    if name == OF_MINISIGN:
        run(["minisign", "-V", "-q", "-p", key, "-x", folder / name, "-m", folder / SUMS])
        return
    with tempfile.TemporaryDirectory() as place:
        signers = Path(place) / "signers"
        signers.write_text(f"{SIGNER} {key.read_text('utf-8')}", "utf-8")
        words: list[str | Path] = ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", SIGNER, "-n", NAMESPACE]
        run([*words, "-s", folder / name], (folder / SUMS).read_bytes())

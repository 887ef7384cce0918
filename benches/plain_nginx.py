"""A folder of files hosted by a bare nginx, as on any web space that sends parts of files too."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path

from serving import find_free_port

CONFIGURATION = """
user {user}; daemon off; pid {work}/pid; error_log {work}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  include /etc/nginx/mime.types;
  default_type application/octet-stream; access_log {work}/access.log;
  client_body_temp_path {work}; proxy_temp_path {work}; fastcgi_temp_path {work};
  uwsgi_temp_path {work}; scgi_temp_path {work};
  gzip on; gzip_types application/json application/wasm text/css application/javascript text/javascript;
  server {{
    listen 127.0.0.1:{port};
    location /{path}/ {{ alias {folder}/; }}
  }}
}}
"""


@contextmanager
def hosted(folder: Path, path: str = "some/deep/path") -> Iterator[tuple[str, Path]]:
    """Host a folder under a path on a free port of this machine; yield its address without final slash, and the log."""
    port = find_free_port()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        work.chmod(0o755)
        written = work / "nginx.conf"
        words = CONFIGURATION.format(user=getuser(), work=work, port=port, path=path, folder=folder)
        written.write_text(words, "utf-8")
        server = subprocess.Popen(["nginx", "-p", name, "-e", f"{name}/error.log", "-c", str(written)])
        try:
            while not (work / "pid").is_file():
                if server.poll() is not None:
                    raise SystemExit(f"nginx did not start: {(work / 'error.log').read_text('utf-8')}")
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/{path}", work / "access.log"
        finally:
            server.terminate()
            server.wait()

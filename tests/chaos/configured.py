"""A configuration for hosts of the chaos server, and their catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

CONFIGURATION = """\
contact = "https://veille.example/about"
database = "veille.db"
catalogue = "outlets.toml"
[network]
pace_seconds = 0
[network.hosts]
{hosts}
"""
OUTLET = """\
[[outlet]]
id = "{name}"
name = "{name}"
home = "https://{name}.example/"
policy = "probe"
feeds = [{{url = "https://{name}.example/feed.xml"{more}}}]
"""


def configure(folder: Path, ports: Mapping[str, int], more: str = "") -> Path:
    """Write veille.toml and outlets.toml; `ports`: of NAME.example, `more`: keys of each feed."""
    hosts = "\n".join(f'"{name}.example" = "127.0.0.1:{port}"' for name, port in ports.items())
    outlets = (OUTLET.format(name=name, more=more) for name in ports)
    (folder / "outlets.toml").write_text("\n".join(outlets))
    path = folder / "veille.toml"
    path.write_text(CONFIGURATION.format(hosts=hosts))
    return path

"""The product as people meet it: its command in a directory of its own, which tells all that was run there."""

from __future__ import annotations

import asyncio
import shlex
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cli.command import SECONDS, Command, Result, look_at_errors
from tests.cli.press import Process
from tests.running import free_port


@dataclass(frozen=True, kw_only=True)
class Product:
    """
    A directory with `watches.yaml` and `.watcher`.

    Attributes:
        environment: of all commands.
        names: what `{name}` stands for in a command line.
        ended: each command line, and how it ended.
        records: what each command printed with `--json`, all of its runs together.
    """

    command: Command
    environment: Mapping[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    ended: list[tuple[str, int]] = field(default_factory=list)
    records: dict[str, list[Any]] = field(default_factory=dict)

    @classmethod
    def at(cls, directory: Path, **environment: str) -> Product:
        """Return one in a directory."""
        return cls(command=Command(directory), environment=environment)

    @property
    def data(self) -> Path:
        """Its data directory."""
        return self.command.directory / ".watcher"

    async def __call__(self, line: str, *, kind: str = "", **environment: str) -> Result:
        """
        Run a command line.

        Args:
            kind: what its JSON is listed as, where the command alone does not say it.
        """
        return self._noted(line, kind, environment, await self._run(line, environment))

    async def done(self, line: str, **environment: str) -> Result:
        """Run a command line that ends well."""
        result = await self(line, **environment)
        assert result.status == 0, result.err
        return result

    async def together(self, *lines: str, kind: str = "", **environment: str) -> None:
        """Run command lines at once, of which none changes what another is about."""
        results = await asyncio.gather(*(self._run(line, environment) for line in lines))
        for line, result in zip(lines, results, strict=True):
            self._noted(line, kind, environment, result)

    async def _run(self, line: str, environment: Mapping[str, str]) -> Result:
        process = await self.command.start(*self._words(line), **{**self.environment, **environment})
        try:
            async with asyncio.timeout(SECONDS):
                out, err = await process.communicate()
        except TimeoutError:  # it serves, and should have refused to
            process.kill()
            return Result(await process.wait(), "", "")
        look_at_errors(err.decode())
        return Result(await process.wait(), out.decode(), err.decode())

    def _words(self, line: str) -> list[str]:
        return [word.format_map(self.names) for word in shlex.split(line)]

    def _noted(self, line: str, kind: str, environment: Mapping[str, str], result: Result) -> Result:
        settings = "".join(f"{name}={value if value == 'x' else '…'} " for name, value in environment.items())
        self.ended.append((f"{settings}watcher {line}", result.status))
        if "--json" in (words := self._words(line)) and result.out:
            self.records.setdefault(kind or words[0], []).extend(result.records)
        return result

    @asynccontextmanager
    async def serving(self, command: str, base_url: str, **environment: str) -> AsyncIterator[Server]:
        """Keep `run` or `serve` running while the context lasts, and end it as systemd does."""
        port = free_port()
        words = [*self._words(command), "--port", str(port), "--base-url", base_url]
        process = await self.command.start(*words, **{**self.environment, **environment})
        server = Server(process=process, url=f"http://127.0.0.1:{port}")
        try:
            async with asyncio.timeout(SECONDS):
                server.said = (await process.stdout.readline()).decode()
            yield server
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            async with asyncio.timeout(SECONDS):
                _, err = await process.communicate()
            server.log = err.decode()
            look_at_errors(server.log)
            self.ended.append((f"watcher {command}, told to stop", process.returncode or 0))


@dataclass(kw_only=True)
class Server:
    """
    The product while it serves.

    Attributes:
        said: the first line of its output.
        log: its error stream, when it has ended.
    """

    process: Process
    url: str
    said: str = ""
    log: str = ""

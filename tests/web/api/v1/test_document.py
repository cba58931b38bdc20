"""The document holds what it says: Schemathesis asks the server everything that it allows, and much that it does not."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.web.api.v1.api import Api

_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "missing_required_header",
)
_SECONDS = 60


async def test_schemathesis_finds_no_server_error_and_no_answer_outside_the_document(api: Api, tmp_path: Path) -> None:
    await api.site.reader()
    await api.site.tell("hello")
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        *("run", f"{api.site.base}/api/v1/openapi.json", "--header", f"Authorization: Bearer {api.token}"),
        *("--checks", ",".join(_CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", "8"),
        *("--generation-deterministic", "--no-shrink", "--no-color"),
        *("--suppress-health-check", "all", "--warnings", "off", "--request-timeout", "10"),
    ]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(_SECONDS):
            out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, out.decode()[-6_000:]

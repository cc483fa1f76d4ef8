"""The local cloud: ministack with our Lambda executor.

    python -m infra.local.emulation.emulator --port 4566 --data build/local

State lives as long as the process. Ctrl-C, SIGTERM or the death of its parent end it with all
its workers.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import IO

from infra.local.emulation import emulator_patches as emulator_patches
from infra.local.emulation.alarm_clock import AlarmClock
from infra.local.emulation.deliveries import Deliveries
from infra.local.emulation.rights import Rights, install_rights
from infra.local.emulation.service_metrics import QueueMeter
from infra.local.environments import environment_python
from infra.local.errors import FolderTaken, LocalCloudFailed
from infra.local.lambda_runtime.executor import Executor, Folders
from infra.local.ports import HOST, require_free_port
from infra.local.processes import ProcessGroup
from infra.local_cloud import ACCOUNT, REGION, ROOT_KEY, ROOT_SECRET, local_access


def configure(*, port: int, data: Path, region: str) -> None:
    """Set what ministack reads from its environment when it is imported."""
    scratch = data / "tmp"
    for folder in (scratch, data / "s3", data / "state"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    os.environ.update(
        AUTH="true",  # each function under its own role
        BIND_HOST=HOST,
        GATEWAY_PORT=str(port),
        MINISTACK_ACCOUNT_ID=ACCOUNT,
        MINISTACK_REGION=region,
        AWS_ACCESS_KEY_ID=ROOT_KEY,
        AWS_SECRET_ACCESS_KEY=ROOT_SECRET,
        AWS_DEFAULT_REGION=region,
        AWS_ENDPOINT_URL=f"http://{HOST}:{port}",
        PERSIST_STATE="0",
        STATE_DIR=str(data / "state"),
        S3_PERSIST="1",  # objects on disk, not in memory
        S3_DATA_DIR=str(data / "s3"),
        SFTP_ENABLED="0",
        IOT_MTLS_ENABLED="0",  # it would listen on every address
        SFN_WAIT_SCALE="0.1",  # of the pauses between retries
        TMPDIR=str(scratch),
        LOG_LEVEL=os.environ.get("LOG_LEVEL", "WARNING"),
    )
    os.environ.pop("AWS_SESSION_TOKEN", None)
    os.environ.pop("AWS_PROFILE", None)


def lock_folder(folder: Path) -> IO[bytes]:
    """Keep another emulator from wiping this one's state; FolderTaken if one is there."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FolderTaken(str(folder)) from None
    return lock


def make_executor(
    *, port: int, data: Path, region: str, concurrency: int, group: ProcessGroup
) -> Executor:
    cloud = emulator_patches.emulated_cloud(
        endpoint=f"http://{HOST}:{port}", account=ACCOUNT, region=region
    )
    folders = Folders(
        code=data / "code",
        images=data / "images",
        runtime_python=environment_python("runtime"),
        image_python=environment_python("drift"),
    )
    return Executor(cloud=cloud, folders=folders, group=group, concurrency=concurrency)


def serve() -> None:
    """Run ministack until a signal ends it."""
    sys.argv = ["ministack"]
    import_module("ministack.app").main()


def run(options: argparse.Namespace) -> None:
    require_free_port(options.port, option="--port")
    data = options.data.resolve()
    lock = lock_folder(data)  # held as long as this process lives
    emulator_patches.check_version()
    configure(port=options.port, data=data, region=options.region)
    emulator_patches.check_signatures()
    with ProcessGroup() as group:
        executor = make_executor(
            port=options.port,
            data=data,
            region=options.region,
            concurrency=options.concurrency,
            group=group,
        )
        emulator_patches.install_executor(executor)
        emulator_patches.install_alias_retries()
        emulator_patches.install_alias_actions()
        emulator_patches.install_lambda_metrics()
        access = local_access(options.port, region=options.region)
        meter = QueueMeter(access, executor.publish)
        emulator_patches.install_execution_metrics(executor.publish)
        rights = Rights(options.region)
        deliveries = Deliveries(access, executor.publish, rights.of_role)
        emulator_patches.install_deliveries(deliveries)
        emulator_patches.install_alarm_clock(AlarmClock(access, meter.read, deliveries.retry))
        emulator_patches.install_api_origin()
        emulator_patches.install_parsed_distributions()
        emulator_patches.install_parsed_policies()
        emulator_patches.install_version_ranges()
        install_rights(rights)
        emulator_patches.install_transport()
        signal.signal(signal.SIGHUP, lambda *_: sys.exit(0))
        serve()
    lock.close()


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.emulation.emulator", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--port", type=int, default=4566, help="default: 4566")
    parser.add_argument(
        "--data", type=Path, default=Path("build/local"), help="its files (default: build/local)"
    )
    parser.add_argument("--region", default=REGION, help=f"default: {REGION}")
    parser.add_argument(
        "--concurrency", type=int, default=4, help="workers per function at most (default: 4)"
    )
    return parser.parse_args(arguments)


def main() -> None:
    try:
        run(parse())
    except LocalCloudFailed as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()

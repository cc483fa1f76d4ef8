"""The handler that the worker tests run in a real runtime process."""

APP = """
import os, subprocess, sys, time

print("imported")

def handler(event, context):
    print("handling", event)
    return globals()[event.get("do", "echo")](event, context)

def echo(event, context):
    return event

def describe(event, context):
    return {
        "pid": os.getpid(),
        "cwd": os.getcwd(),
        "path": sys.path,
        "environment": dict(os.environ),
        "arn": context.invoked_function_arn,
        "request_id": context.aws_request_id,
        "remaining": context.get_remaining_time_in_millis(),
    }

def sleep(event, context):
    time.sleep(event["seconds"])
    return os.getpid()

def leave(event, context):
    os._exit(event["status"])

def fail(event, context):
    raise ValueError("this is no applicant")

def fill(event, context):
    return "x" * event["bytes"]

def hoard(event, context):
    blocks = bytearray(event["megabytes"] * 1_000_000)
    time.sleep(5)

def write(event, context):
    import tempfile
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write("kept")
    return file.name

def shout(event, context):
    for number in range(event["lines"]):
        print("line", number)

def spawn(event, context):
    return subprocess.Popen(["sleep", "60"]).pid

def accents(event, context):
    print("dossier accepté")
    return "é"
"""

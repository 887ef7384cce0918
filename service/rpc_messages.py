"""Messages of JSON-RPC 2.0, as the Model Context Protocol sends them: read strictly, and answered."""

import json
from typing import Any, NamedTuple

PARSE_ERROR, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS = -32700, -32600, -32601, -32602

Answer = dict[str, Any]


class RpcError(Exception):
    """A fault told as JSON-RPC has it: a code and a sentence, with the request's id where it has one."""

    def __init__(self, code: int, reason: str, request: str | int | None = None) -> None:
        super().__init__(reason)
        self.code, self.request = code, request


class Message(NamedTuple):
    """A request, or a notification, which has no id and gets no answer."""

    method: str
    parameters: Answer
    request: str | int | None


def read_message(body: bytes) -> Message:
    """Return the one message in a body; raises RpcError where there is none."""
    try:
        read = json.loads(body)
        json.dumps(read, ensure_ascii=False).encode()  # half a character cannot be sent back
    except (ValueError, RecursionError):
        raise RpcError(PARSE_ERROR, "the body is not JSON") from None
    if isinstance(read, list):
        raise RpcError(INVALID_REQUEST, "send one message; the versions of the protocol spoken here have no batches")
    if not isinstance(read, dict):
        raise RpcError(INVALID_REQUEST, "send one JSON-RPC 2.0 request or notification")
    request = read.get("id")
    if isinstance(request, bool) or not isinstance(request, str | int | None) or ("id" in read and request is None):
        raise RpcError(INVALID_REQUEST, "“id” is a text or a whole number")
    if read.get("jsonrpc") != "2.0" or "method" not in read:
        raise RpcError(INVALID_REQUEST, "send one JSON-RPC 2.0 request or notification", request)
    parameters = read.get("params")
    if not isinstance(read["method"], str) or not isinstance(parameters, dict | None):
        raise RpcError(INVALID_REQUEST, "“method” is a text and “params” an object", request)
    return Message(read["method"], parameters or {}, request)


def read_arguments(tool: Answer, given: object) -> dict[str, str]:
    """Return a tool's arguments, without optional ones that are null; raises RpcError where they are not its own."""
    schema = tool["inputSchema"]
    known, needed = schema["properties"], schema.get("required", [])
    arguments = {} if given is None else given
    if isinstance(arguments, dict):
        arguments = {name: value for name, value in arguments.items() if value is not None}
    if not isinstance(arguments, dict) or arguments.keys() - known.keys() or set(needed) - arguments.keys():
        takes = f"{tool['name']} takes {', '.join(known) or 'nothing'}; needed: {', '.join(needed) or 'none'}"
        raise RpcError(INVALID_PARAMS, takes)
    if not all(isinstance(value, str) for value in arguments.values()):
        raise RpcError(INVALID_PARAMS, f"every argument of {tool['name']} is a text")
    return arguments


def tell_result(request: str | int | None, result: Answer) -> Answer:
    """Return the answer to a request."""
    return {"jsonrpc": "2.0", "id": request, "result": result}


def tell_error(request: str | int | None, error: RpcError) -> Answer:
    """Return the answer to a request that is at fault."""
    told = {"code": error.code, "message": str(error)}
    return {"jsonrpc": "2.0", "id": error.request if request is None else request, "error": told}

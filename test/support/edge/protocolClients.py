"""The bytes that stock clients of the Open Inference Protocol send, and what they make of our answers, as JSON.

    pip install 'tritonclient[http]' kserve
    npx tsx test/support/edge/protocolServer.ts 8790
    python3 test/support/edge/protocolClients.py 8790 > test/support/edge/protocolClients.json

Between the clients and the Worker stands a proxy that writes down every request as it came over the socket.
"""
import asyncio
import base64
import contextlib
import json
import socket
import sys
import threading
from importlib.metadata import version

import numpy as np
import tritonclient.http as triton
import tritonclient.http.aio as triton_aio
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

WORKER = ("127.0.0.1", int(sys.argv[1]))
OLD = "0123456789ab"
requests = []


def request_from(stream):
    """One request, as its head and its body; None where the client has closed."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return None
        head += line
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return head, stream.read(int(lengths[0]) if lengths else 0)


def relay(client):
    with socket.create_connection(WORKER) as worker, client:
        threading.Thread(target=answer, args=[worker, client], daemon=True).start()
        stream = client.makefile("rb")
        while (request := request_from(stream)) is not None:
            requests.append(request)
            worker.sendall(b"".join(request))


def answer(worker, client):
    with contextlib.suppress(OSError):  # the client has closed
        while data := worker.recv(65536):
            client.sendall(data)


def accept():
    while True:
        threading.Thread(target=relay, args=[listener.accept()[0]], daemon=True).start()


listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=accept, daemon=True).start()
ADDRESS = f"127.0.0.1:{listener.getsockname()[1]}"

calls = []


def record(client, call, act):
    """Writes down the one request of a call, and what the client says came back."""
    requests.clear()
    try:
        understood = act()
    except Exception as error:  # each client has its own
        understood = {"failed": str(error).replace(ADDRESS, "127.0.0.1")}
    [(head, body)] = requests
    head = head.decode("ascii").replace(ADDRESS, "127.0.0.1")
    request = {"head": head, "body": base64.b64encode(body).decode("ascii")}
    calls.append({"client": client, "call": call, "request": request, "understood": understood})


def plain(array):
    """JSON has no NaN."""
    data = [None if value != value else value for value in array.ravel().tolist()]
    return {"datatype": str(array.dtype), "shape": list(array.shape), "data": data}


# --- tritonclient

server = triton.InferenceServerClient(ADDRESS)
ROWS = np.array([[1, 2, 3, 4, 5, 6], [0.5, -1, 0.25, 8, -2, 1]], np.float32)
AGE = np.array([[np.nan], [30]], np.float32)
CITY = np.array([["Rome"], [""]], object)
HEIGHT = np.array([[1.5], [2]], np.float32)
MEMBER = np.array([[1], [0]], np.float32)
HAD = np.array([[1, 3], [4, -1]], np.int64)
K = np.array([2], np.int64)


def tensors(binary=True, **arrays):
    datatypes = {"float32": "FP32", "int64": "INT64", "object": "BYTES"}
    made = [triton.InferInput(name, array.shape, datatypes[str(array.dtype)]) for name, array in arrays.items()]
    return [each.set_data_from_numpy(array, binary_data=binary) for each, array in zip(made, arrays.values())]


def result(answer, *outputs):
    response = answer.get_response()
    described = {key: response[key] for key in ("model_name", "model_version", "id", "parameters") if key in response}
    return {**described, "outputs": {name: plain(answer.as_numpy(name)) for name in outputs}}


def infer(model, inputs, names, **options):
    return lambda: result(server.infer(model, inputs, **options), *names)


def wanted(**binary):
    return [triton.InferRequestedOutput(name, binary_data=each) for name, each in binary.items()]


PEOPLE = {"age": AGE, "city": CITY, "height": HEIGHT, "member": MEMBER}
for call, act in {
    "is_server_live": server.is_server_live,
    "is_server_ready": server.is_server_ready,
    "get_server_metadata": server.get_server_metadata,
    "get_model_repository_index": lambda: [
        each for each in server.get_model_repository_index() if each["name"].startswith("linear")
    ],
    "get_model_metadata": lambda: server.get_model_metadata("columns"),
    "get_model_metadata of a version": lambda: server.get_model_metadata("linear", OLD),
    "get_model_metadata of a graph": lambda: server.get_model_metadata("items.recommend"),
    "get_model_metadata of nothing": lambda: server.get_model_metadata("nope"),
    "get_model_config": lambda: server.get_model_config("linear.autoencoder"),
    "get_model_config of a version": lambda: server.get_model_config("linear", OLD),
    "get_inference_statistics": lambda: server.get_inference_statistics("items.similar"),
    "load_model": lambda: server.load_model("linear"),
    "unload_model": lambda: server.unload_model("linear"),
    "is_model_ready": lambda: server.is_model_ready("linear.decoder"),
    "is_model_ready of a version": lambda: server.is_model_ready("linear", OLD),
    "is_model_ready of a broken model": lambda: server.is_model_ready("tampered"),
    "infer": infer("linear", tensors(rows=ROWS), ["code"]),
    "infer with JSON": infer("linear", tensors(False, rows=ROWS), ["code"], outputs=wanted(code=False)),
    "infer with JSON, binary back": infer("linear", tensors(False, rows=ROWS), ["code"]),
    "infer with an id and a version": infer(
        "linear", tensors(rows=ROWS), ["code"], request_id="request 7 \N{GREEK SMALL LETTER OMEGA}", model_version=OLD
    ),
    "infer with parameters": infer(
        "linear", tensors(rows=ROWS), ["code"], sequence_id=7, priority=1, timeout=1000, parameters={"own": "x"}
    ),
    "infer of every output": infer(
        "linear.autoencoder", tensors(rows=ROWS), ["reconstruction", "error", "feature_error"]
    ),
    "infer of some outputs, each in its form": infer(
        "linear.autoencoder",
        tensors(rows=ROWS),
        ["error", "reconstruction"],
        outputs=wanted(error=False, reconstruction=True),
    ),
    "infer of BYTES": infer("columns", tensors(**PEOPLE), ["code"]),
    "infer of BYTES with JSON": infer(
        "columns", tensors(False, **{**PEOPLE, "age": HEIGHT}), ["code"], outputs=wanted(code=False)
    ),
    "infer of BYTES, some binary": infer(
        "columns", tensors(False, city=CITY) + tensors(age=AGE, height=HEIGHT, member=MEMBER), ["code"]
    ),
    "infer of INT64": infer("items.recommend", tensors(items=HAD, k=K), ["recommended", "scores"]),
    "infer of INT64 with JSON": infer(
        "items.recommend",
        tensors(False, items=HAD, k=K),
        ["recommended", "scores"],
        outputs=wanted(recommended=False, scores=False),
    ),
    "infer of a wrong shape": infer("linear", tensors(rows=ROWS[:, :5]), ["code"]),
    "infer of a missing value": infer("linear", tensors(rows=np.where(ROWS == 6, np.nan, ROWS)), ["code"]),
    "infer of a missing value with JSON": infer(
        "linear", tensors(False, rows=np.where(ROWS == 6, 3e38, ROWS)), ["code"], outputs=wanted(code=False)
    ),
    "infer of a value that is imputed, with JSON": infer("columns", tensors(False, **PEOPLE), ["code"]),
    "infer of only missing values": infer("linear", tensors(rows=np.full_like(ROWS, np.nan)), ["code"]),
    "infer of no output": infer("linear", tensors(rows=ROWS), ["code"], outputs=wanted(codes=True)),
    "infer compressed": infer("linear", tensors(rows=ROWS), ["code"], request_compression_algorithm="gzip"),
}.items():
    record("tritonclient", call, act)


async def infer_async():
    async with triton_aio.InferenceServerClient(ADDRESS) as client:
        return result(await client.infer("linear", tensors(rows=ROWS)), "code")


record("tritonclient aio", "infer", lambda: asyncio.run(infer_async()))

# --- kserve


def kserve(act):
    async def run():
        async with InferenceRESTClient(RESTConfig(protocol="v2", retries=0)) as client:
            return await act(client, f"http://{ADDRESS}")

    return lambda: asyncio.run(run())


def kserve_infer(model, inputs, outputs=None, binary=True, **options):
    datatypes = {"float32": "FP32", "int64": "INT64", "object": "BYTES"}
    made = []
    for name, array in inputs.items():
        made.append(InferInput(name, list(array.shape), datatypes[str(array.dtype)]))
        made[-1].set_data_from_numpy(array, binary_data=binary)

    async def act(client, url):
        asked = [RequestedOutput(name, {"binary_data": each}) for name, each in (outputs or {}).items()]
        request = InferRequest(model, made, "kserve 1", request_outputs=asked, **options)
        response = await client.infer(url, request, model_name=model)
        found = {output.name: plain(output.as_numpy()) for output in response.outputs}
        return {"model_name": response.model_name, "id": response.id, "outputs": found}

    return kserve(act)


for call, act in {
    "is_server_live": kserve(lambda client, url: client.is_server_live(url)),
    "is_server_ready": kserve(lambda client, url: client.is_server_ready(url)),
    "is_model_ready": kserve(lambda client, url: client.is_model_ready(url, "linear")),
    "is_model_ready of a broken model": kserve(lambda client, url: client.is_model_ready(url, "tampered")),
    "infer": kserve_infer("linear", {"rows": ROWS}),
    "infer with JSON": kserve_infer("linear", {"rows": ROWS}, binary=False),
    "infer, binary back": kserve_infer("linear", {"rows": ROWS}, parameters={"binary_data_output": True}),
    "infer of some outputs, each in its form": kserve_infer(
        "linear.autoencoder", {"rows": ROWS}, {"reconstruction": True, "error": False}
    ),
    "infer of BYTES": kserve_infer("columns", PEOPLE),
    "infer of BYTES with JSON": kserve_infer("columns", PEOPLE, binary=False),
    "infer of INT64": kserve_infer("items.recommend", {"items": HAD, "k": K}),
    "infer of a wrong shape": kserve_infer("linear", {"rows": ROWS[:, :5]}),
}.items():
    record("kserve", call, act)

clients = {name: version(name) for name in ("tritonclient", "kserve")}
json.dump({"clients": clients, "calls": calls}, sys.stdout, indent=1)
print()

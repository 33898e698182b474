"""Writes a fixture: an exported model, and what its own framework answers for a few rows.

The index, `test/fixtures/onnx/fixtures.json`, has an object for each model; README.md there describes it.
"""
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx

FOLDER = Path(__file__).parents[2] / "fixtures" / "onnx"
INDEX = FOLDER / "fixtures.json"
ROWS = 5
LARGEST = 200_000
# For outputs of magnitude up to 1; relative to the largest magnitude above it.
TOLERANCE = 1e-5
# The dictionaries of ZipMap are compared by their values.
ZIPPED = {"sequence": "float32"}


def package(name):
    return f"{name} {version(name)}"


def tensor(values, dtype):
    """A tensor as JSON: numbers of the graph's dtype, as short as it allows."""
    values = np.asarray(values)
    if values.dtype.kind == "f":
        single = values.ravel().astype(dtype)
        data = [json.loads(np.format_float_positional(value, unique=True, trim="-")) for value in single]
    else:
        data = values.ravel().tolist()
    return {"dtype": dtype, "shape": list(values.shape), "data": data}


def declared(value):
    """Name, dtype and shape of a graph's input or output; what is no tensor has the kind of its type."""
    kind = value.type.WhichOneof("value")
    if kind != "tensor_type":
        return {"name": value.name, "dtype": kind.removesuffix("_type")}
    of = value.type.tensor_type
    dims = [dim.dim_param or (dim.dim_value if dim.HasField("dim_value") else None) for dim in of.shape.dim]
    # The names that NumPy and onnxruntime have for ONNX's types.
    dtype = onnx.TensorProto.DataType.Name(of.elem_type).lower()
    return {"name": value.name, "dtype": {"float": "float32", "double": "float64"}.get(dtype, dtype), "shape": dims}


def without_paths(model):
    """The model, with stack traces that name files by their path in this repository or the virtual environment."""
    nodes = [*model.graph.node, *(node for function in model.functions for node in function.node)]
    for each in (entry for node in nodes for entry in node.metadata_props):
        for folder in (FOLDER.parents[2], sys.prefix):
            each.value = each.value.replace(f"{folder}/", "")
    return model


def operators(model):
    """Operators of the graph and its functions and bodies, as `domain:type`, without the domain if it is ONNX's own."""
    def walk(nodes):
        for node in nodes:
            yield f"{node.domain}:{node.op_type}" if node.domain not in ("", "ai.onnx") else node.op_type
            for attribute in node.attribute:
                yield from walk(attribute.g.node)
                for graph in attribute.graphs:
                    yield from walk(graph.node)

    inner = {f"{function.domain}:{function.name}" for function in model.functions}
    used = set(walk(model.graph.node)) | {op for each in model.functions for op in walk(each.node)}
    return sorted(used - inner)


def write(name, *, title, framework, exporter, roles, inputs, answers, operations, rows=None, tolerance=TOLERANCE,
          **others):
    """Adds or replaces the entry of `NAME.onnx`, which the exporter has written.

    inputs, answers: arrays by the names of the graph's inputs and outputs, in the framework's own numbers.
    roles: the role of each output that has one. operations: what the model can offer once imported.
    others: `decoder`, `fixedBatch`, `classes`, `flattened`, `refused`, which README.md next to the index explains.
    """
    path = FOLDER / f"{name}.onnx"
    model = without_paths(onnx.load(path, load_external_data=False))
    onnx.save(model, path)
    graph = model.graph
    weights = {each.name for each in graph.initializer}
    takes = [declared(each) for each in graph.input if each.name not in weights]
    gives = [{**declared(each), **({"role": roles[each.name]} if each.name in roles else {})} for each in graph.output]
    assert "refused" in others or {each["name"] for each in takes} == set(inputs), (takes, list(inputs))
    assert set(answers) <= {each["name"] for each in gives}, (gives, list(answers))
    dtypes = {each["name"]: ZIPPED.get(each["dtype"], each["dtype"]) for each in takes + gives}
    files = [path.name, *sorted(each.name for each in FOLDER.glob(f"{path.name}.*"))]
    assert sum((FOLDER / each).stat().st_size for each in files) < LARGEST, files
    entry = {
        "name": name,
        "title": title,
        "framework": framework,
        "exporter": exporter,
        "files": files,
        "opsets": {each.domain or "ai.onnx": each.version for each in model.opset_import},
        "operators": operators(model),
        "inputs": takes,
        "outputs": gives,
        "operations": operations,
        **({"rows": rows} if rows else {}),
        **others,
        "tolerance": tolerance,
        "given": {key: tensor(value, dtypes[key]) for key, value in inputs.items()},
        "answers": {key: tensor(value, dtypes[key]) for key, value in answers.items()},
    }
    entries = json.loads(INDEX.read_text()) if INDEX.exists() else []
    entries = sorted([*(each for each in entries if each["name"] != name), entry], key=lambda each: each["name"])
    INDEX.write_text("[\n" + ",\n".join(line(each) for each in entries) + "\n]\n")
    print(f"{name}: {sum((FOLDER / each).stat().st_size for each in files)} bytes, {' '.join(entry['operators'])}")


def line(entry):
    """An entry with a line for each key, which Biome keeps: a change of one key is a small change."""
    return " {\n" + ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in entry.items()) + "\n }"

"""The MLP encoder of PyTorch with narrower weights, by onnxruntime's and ONNX's own tools: `python narrowModels.py`.

What is expected is what PyTorch answers with all digits, within the rounding of the narrower type.
"""
import onnx
import torch
from data import machines
from fixture import FOLDER, ROWS, package, write
from onnxconverter_common import float16
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.preprocess import quant_pre_process
from torchModels import ENCODE, FRAMEWORK, mlp

MACHINES = machines()
SOURCE = FOLDER / "torch-mlp-torchscript.onnx"


class Calibration(CalibrationDataReader):
    def __init__(self):
        self.batches = iter([{"readings": MACHINES}])

    def get_next(self):
        return next(self.batches, None)


def fixture(name, **entry):
    encoder, _ = mlp()
    given = MACHINES[:ROWS]
    with torch.no_grad():
        answers = encoder(torch.tensor(given)).numpy()
    write(name, framework=FRAMEWORK, roles={"code": "code"}, inputs={"readings": given}, answers={"code": answers},
          operations=ENCODE, rows="machines.csv", **entry)


if __name__ == "__main__":
    narrow = float16.convert_float_to_float16(onnx.load(SOURCE), keep_io_types=True)
    onnx.save(narrow, FOLDER / "torch-mlp-float16-inside.onnx")
    fixture("torch-mlp-float16-inside", title="MLP encoder in float16, with float32 inputs",
            exporter=f"convert_float_to_float16, {package('onnxconverter-common')}", tolerance=5e-3)

    quantize_dynamic(SOURCE, FOLDER / "torch-mlp-int8-dynamic.onnx", weight_type=QuantType.QInt8)
    fixture("torch-mlp-int8-dynamic", title="MLP encoder, int8 weights and dynamic activations",
            exporter=f"quantize_dynamic, {package('onnxruntime')}", tolerance=0.1)

    quant_pre_process(SOURCE, FOLDER / "torch-mlp-int8-static.onnx")
    quantize_static(FOLDER / "torch-mlp-int8-static.onnx", FOLDER / "torch-mlp-int8-static.onnx", Calibration())
    fixture("torch-mlp-int8-static", title="MLP encoder, int8 weights and activations (QDQ)",
            exporter=f"quantize_static, {package('onnxruntime')}", tolerance=0.1)

"""Autoencoders of Keras, on TensorFlow: `python kerasModels.py`."""
import os

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")

import keras
import onnx
from data import images_last, machines
from fixture import FOLDER, ROWS, package, write
from keras import layers

EXPORTER = f"model.export(format='onnx'), {package('tf2onnx')}"
FRAMEWORK = f"{package('keras')}, {package('tensorflow-cpu')}"


def fit(model, rows, loss="mse"):
    model.compile("adam", loss)
    model.fit(rows, rows, epochs=20, batch_size=32, verbose=0, shuffle=False)


def fixture(name, model, given, roles, **entry):
    """roles: of the outputs, in order. The exporter has names of its own for them, such as `Identity:0`."""
    # Before the export, which refuses models that have not answered yet.
    answers = model(given)
    model.export(FOLDER / f"{name}.onnx", format="onnx", verbose=False)
    answers = answers if isinstance(answers, list | tuple) else [answers]
    outputs = [each.name for each in onnx.load(FOLDER / f"{name}.onnx").graph.output]
    write(name, framework=FRAMEWORK, exporter=EXPORTER, roles=dict(zip(outputs, roles, strict=True)),
          inputs={model.inputs[0].name: given},
          answers={key: each.numpy() for key, each in zip(outputs, answers, strict=True)}, **entry)


def dense():
    keras.utils.set_random_seed(1)
    rows = machines()
    centre, spread = rows.mean(0), rows.std(0)
    readings = keras.Input((8,), name="readings")
    scaled = layers.Rescaling((1 / spread).tolist(), (-centre / spread).tolist())(readings)
    hidden = layers.Dense(12, activation="elu")(scaled)
    code = layers.Dense(3, name="code")(hidden)
    hidden = layers.Dense(12, activation="elu")(code)
    restored = layers.Rescaling(spread.tolist(), centre.tolist(), name="restored")(layers.Dense(8)(hidden))
    autoencoder = keras.Model(readings, restored)
    fit(autoencoder, rows)
    common = {"rows": "machines.csv"}
    fixture("keras-dense-encoder", keras.Model(readings, code), rows[:ROWS], ["code"], title="dense encoder",
            operations=["encode", "reduce", "infer"], **common)
    fixture("keras-dense-autoencoder", autoencoder, rows[:ROWS], ["reconstruction"],
            title="dense autoencoder", operations=["reconstruct", "score", "infer"], **common)


def normalization():
    """The exporter makes inputs of what the layer has adapted to."""
    keras.utils.set_random_seed(3)
    rows = machines()
    normalize = layers.Normalization()
    normalize.adapt(rows)
    readings = keras.Input((8,), name="readings")
    code = layers.Dense(3, name="code")(normalize(readings))
    fixture("keras-normalization", keras.Model(readings, code), rows[:ROWS], ["code"], rows="machines.csv",
            title="dense encoder with a Normalization layer", operations=["encode", "reduce", "infer"],
            refused="tf2onnx makes inputs of what a Normalization layer has adapted to: use Rescaling")


def conv():
    keras.utils.set_random_seed(2)
    pictures = images_last()
    picture = keras.Input((16, 16, 1), name="picture")
    hidden = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(picture)
    hidden = layers.BatchNormalization()(hidden)
    hidden = layers.MaxPooling2D()(hidden)
    code = layers.Dense(6, name="code")(layers.Flatten()(hidden))
    hidden = layers.Reshape((4, 4, 8))(layers.Dense(128, activation="relu")(code))
    hidden = layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu")(hidden)
    hidden = layers.UpSampling2D()(hidden)
    restored = layers.Conv2D(1, 3, padding="same", activation="sigmoid", name="restored")(hidden)
    autoencoder = keras.Model(picture, restored)
    fit(autoencoder, pictures)
    fixture("keras-conv-autoencoder", keras.Model(picture, [code, restored]), pictures[:2],
            ["code", "reconstruction"], title="conv autoencoder, NHWC", rows="imagesLast.npy",
            operations=["encode", "reduce", "reconstruct", "score", "infer"])


if __name__ == "__main__":
    dense()
    conv()
    normalization()

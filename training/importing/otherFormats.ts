/** Files that people take for ONNX models, told by their first bytes, with what to do instead. */

interface Format {
  readonly matches: (bytes: Uint8Array, start: string) => boolean;
  /** What it is, and what to do. */
  readonly sentence: string;
}

/** Characters of the start of a file that names within archives are looked for in. */
const START = 4096;
const ZIP = 'PK\x03\x04';

/** The first that matches is the one. */
const FORMATS: readonly Format[] = [
  {
    matches: (_, start) => start.startsWith(ZIP) && /model\.weights\.h5|metadata\.json/.test(start),
    sentence: "a Keras model: export it in Python with model.export('model.onnx', format='onnx')",
  },
  {
    matches: (_, start) => start.startsWith(ZIP) && /constants\.pkl|\/code\//.test(start),
    sentence:
      'a TorchScript model: load the model itself in Python, and export that with torch.onnx.export(model.eval(), ...)',
  },
  {
    matches: (_, start) => start.startsWith(ZIP) && /data\.pkl|archive_format/.test(start),
    sentence:
      'a PyTorch checkpoint, as torch.save writes it: load it into the model in Python, and export that with torch.onnx.export(model.eval(), ...)',
  },
  { matches: (_, start) => start.startsWith(ZIP), sentence: 'a zip archive: unpack it' },
  {
    matches: (bytes) => bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5,
    sentence:
      'a Python pickle: load it in Python, and convert it with skl2onnx.to_onnx(model, rows) if it is of scikit-learn, or torch.onnx.export if it is of PyTorch',
  },
  {
    matches: (_, start) => start.startsWith('\x89HDF'),
    sentence:
      "HDF5, as Keras writes it: export the model in Python with model.export('model.onnx', format='onnx')",
  },
  {
    matches: (_, start) => start.slice(4, 8) === 'TFL3',
    sentence: 'a TensorFlow Lite model: convert it in Python with tf2onnx (--tflite)',
  },
  {
    matches: (_, start) => start.slice(4, 8) === 'ORTM',
    sentence:
      "onnxruntime's own format, whose operators may be those of one device: give the .onnx file that it was made of",
  },
  {
    // Eight bytes with the length of the JSON that follows.
    matches: (bytes, start) => start[8] === '{' && bytes.subarray(4, 8).every((byte) => byte === 0),
    sentence:
      'safetensors, which hold weights without a graph: load them into the model in Python, and export that with torch.onnx.export(model.eval(), ...)',
  },
  {
    // No protobuf of a model is printable throughout.
    matches: (_, start) =>
      start.length > 0 && /^[\t\n\r\x20-\x7e\x80-\xff]*$/.test(start) && /[\n{]/.test(start),
    sentence: 'text: rows go to --rows, and the model comes first',
  },
];

/** Describes a file of another format; undefined if it is of none that is known. */
export function otherFormat(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, START)).toString('latin1');
  return FORMATS.find(({ matches }) => matches(bytes, start))?.sentence;
}

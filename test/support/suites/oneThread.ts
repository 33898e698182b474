/** Sessions of one thread in the quick suite: models of tests are too small for two, which would wait for each other busily. */
import * as ort from 'onnxruntime-node';

type Create = (
  model: Uint8Array,
  options?: ort.InferenceSession.SessionOptions,
) => Promise<ort.InferenceSession>;

const MARK = Symbol.for('latentedge.oneThread');
const factory = ort.InferenceSession as unknown as { create: Create & { [MARK]?: true } };

// Files share their process, where this must be done once.
if (!factory.create[MARK]) {
  const create = factory.create.bind(ort.InferenceSession) as Create;
  factory.create = Object.assign<Create, { [MARK]: true }>(
    (model, options) => create(model, { intraOpNumThreads: 1, ...options }),
    { [MARK]: true },
  );
}

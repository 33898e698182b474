/** A Worker that runs the encoder of its first model as often as it is asked to: on its runtime, or on onnxruntime-web's own API. */
import models from 'latentedge:models';
import { runtime } from 'latentedge:runtime';
import { Manifest } from '../../../../shared/manifest.ts';

const manifest = Manifest.parse(models[0]!.manifest);
const spec = manifest.graphs.encoder;

async function session() {
  const frozen = runtime.frozen?.('bench', spec);
  return frozen ?? runtime.open(new Uint8Array(models[0]!.graphs.encoder!));
}

let opened: ReturnType<typeof session> | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const [runs, batch] = [Number(searchParams.get('runs')), Number(searchParams.get('batch'))];
    opened ??= session();
    const { run } = await opened;
    const width = manifest.features.count;
    const data = Float32Array.from({ length: batch * width }, (_, i) => (i % 100) / 100);
    const inputs = { rows: { dtype: 'float32', data, shape: [batch, width] } } as const;
    for (let i = 0; i < runs; i++) await run(inputs, ['code']);
    return new Response('done');
  },
};

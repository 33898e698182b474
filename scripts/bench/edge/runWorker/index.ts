/** A Worker that runs the encoder of its first model as often as it is asked to: on its runtime, or as plain TypeScript. */
import models from 'latentedge:models';
import { runtime } from 'latentedge:runtime';
import { Manifest } from '../../../../shared/manifest.ts';
import { plainEncode } from './plainEncode.ts';

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
    const width = manifest.features.count;
    const data = Float32Array.from({ length: batch * width }, (_, i) => (i % 100) / 100);
    if (searchParams.has('loop')) {
      for (let i = 0; i < runs; i++) plainEncode(data, batch);
      return new Response('done');
    }
    opened ??= session();
    const { run } = await opened;
    const inputs = { rows: { dtype: 'float32', data, shape: [batch, width] } } as const;
    for (let i = 0; i < runs; i++) await run(inputs, ['code']);
    return new Response('done');
  },
};

/** A Worker that runs the encoder of its first model on the runtime that it was built with. */
import models from 'latentedge:models';
import { runtime } from 'latentedge:runtime';
import { graphSpec, Manifest } from '../../../../../../shared/manifest.ts';
import { repeatedly } from '../repeatedly.ts';

const manifest = Manifest.parse(models[0]!.manifest);
const spec = graphSpec(manifest, 'encoder');
const { count: width } = manifest.features;

async function open() {
  return runtime.frozen?.('bench', spec) ?? runtime.open!(new Uint8Array(models[0]!.graphs.encoder!));
}

let opened: ReturnType<typeof open> | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    opened ??= open();
    const { run } = await opened;
    return repeatedly(request, width, (data, batch) =>
      run({ rows: { dtype: 'float32', data, shape: [batch, width] } }, ['code']),
    );
  },
};

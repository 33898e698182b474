/** A variant of a project's own, with a layer and a loss that latentedge does not have, as the page on training documents it. */
import { expect, it, vi } from 'vitest';
import * as z from 'zod';
import { evaluateArtifact } from '../../../training/artifact/evaluateArtifact.ts';
import {
  add,
  defineVariant,
  dense,
  deterministic,
  type Layer,
  mul,
  type NamedLoss,
  scalar,
  sequential,
  softplus,
  sub,
} from '../../../training/extend.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';

/** log cosh(x) = x + softplus(-2x) - log 2 (Chen et al., 2019). */
const logCosh: NamedLoss = {
  name: 'log-cosh',
  summary: 'log-cosh of the error: squared near 0, absolute far from it',
  reconstruct: (output) => output,
  elements: (output, target) => {
    const error = sub(output, target);
    return sub(add(error, softplus(mul(scalar(-2), error))), scalar(Math.log(2)));
  },
  row: 'mean',
};

/** x + gate(x) * f(x), as wide as x. */
function gatedResidual(name: string, width: number, seed: number): Layer {
  const options = { inputs: width, units: width, seed } as const;
  const gate = dense({ name: `${name}/gate`, activation: 'sigmoid', ...options }).layer;
  const change = dense({ name: `${name}/change`, activation: 'tanh', ...options }).layer;
  return (x, context) => add(x, mul(gate(x, context), change(x, context)));
}

const gated = defineVariant({
  name: 'gated-residual',
  summary: 'gated residual blocks around a narrow code',
  config: z.strictObject({
    codeSize: z.number().int().min(1).describe('width of the code').default(2),
    blocks: z.number().int().min(0).max(8).describe('residual blocks each way').default(2),
  }),
  build: ({ codeSize, blocks }, features, seed) => {
    const stack = (name: string) =>
      Array.from({ length: blocks }, (_, i) => gatedResidual(`${name}/${i}`, features, seed));
    const into = { name: 'code', inputs: features, units: codeSize, activation: 'linear', seed } as const;
    const out = { name: 'output', inputs: codeSize, units: features, activation: 'linear', seed } as const;
    return deterministic({
      codeSize,
      encoder: sequential([...stack('encoder'), dense(into).layer]),
      decoder: sequential([dense(out).layer, ...stack('decoder')]),
      loss: logCosh,
    });
  },
});

it('is trained, exported with parity, evaluated again and reproduced byte for byte', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const run = async () =>
    train({
      name: 'bends',
      data: curve(600),
      variant: gated,
      settings: { blocks: 1, epochs: 30, learningRate: 0.01 },
      out: temporaryFolder(),
      progress: true,
    });
  const { artifact, fit } = await run();
  const printed = write.mock.calls.map(([line]) => String(line)).filter((line) => line.startsWith('epoch'));
  expect(printed).toHaveLength(30);
  write.mockRestore();
  const { manifest } = artifact;
  expect(manifest.variant).toBe('gated-residual');
  expect(manifest.metrics['log-cosh']).toBeLessThan(fit.history[0]!.validation.loss / 3);
  expect(manifest.parity.maxAbsDifference).toBeLessThan(1e-4);

  await expect(evaluateArtifact(artifact, curve(600), 'heldOut')).rejects.toThrow(
    /variant 'gated-residual' is unknown; expected one of .*models\.ts/,
  );
  const { metrics } = await evaluateArtifact(artifact, curve(600), 'heldOut', [gated]);
  expect(metrics).toEqual(manifest.metrics);

  const again = await run();
  expect(again.artifact.manifest.graphs).toEqual(manifest.graphs);
});

it('needs a name that no other variant has, and settings of its own are checked', async () => {
  const options = { name: 'bends', data: curve(100), out: temporaryFolder() };
  await expect(train({ ...options, variant: { ...gated, name: 'sparse' } })).rejects.toThrow(
    /name of one of/,
  );
  // @ts-expect-error: unknown settings are errors of types, too.
  await expect(train({ ...options, variant: gated, settings: { block: 1 } })).rejects.toThrow(
    /setting 'block' is unknown/,
  );
});

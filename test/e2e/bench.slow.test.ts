import { expect, it } from 'vitest';
import * as z from 'zod';
import { runScript } from '../support/commands/cli.ts';

const Report = z.strictObject({
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
  results: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/),
      unit: z.string(),
      median: z.number().positive(),
      min: z.number().positive(),
      max: z.number().positive(),
      runs: z.number().int().min(5),
    }),
  ),
  ratios: z.array(
    z.strictObject({
      name: z.string(),
      value: z.number().positive(),
      target: z.number().positive(),
      direction: z.enum(['>=', '<=']),
      pass: z.boolean(),
    }),
  ),
});

// How fast is for `npm run bench` to say; here it is only that every engine is measured, on the same work.
it('npm run bench -- training --json measures both engines and agrees that they do the same work', async () => {
  const { code, stdout, stderr } = await runScript('bench', [
    'training',
    '--case',
    'mlp-784-128-32',
    '--json',
  ]);
  expect([code, stderr]).toEqual([0, '']);
  const { results, ratios } = Report.parse(JSON.parse(stdout));
  const names = results.map(({ name }) => name);
  expect(names).toContain('mlp-784-128-32/onnxruntime');
  expect(names.some((name) => name.startsWith('mlp-784-128-32/tfjs-'))).toBe(true);
  for (const { value, target, direction, pass } of ratios) {
    expect(pass).toBe(direction === '>=' ? value >= target : value <= target);
  }
});

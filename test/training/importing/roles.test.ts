import { describe, expect, it } from 'vitest';
import { type Role, rolesOf, type SeenOutput } from '../../../training/importing/roles.ts';

function output(name: string, width: number, others: Partial<SeenOutput> = {}): SeenOutput {
  return { name, type: 'float32', width, sumsToOne: false, ...others };
}

const probabilities = { sumsToOne: true };
const integer = { type: 'int64' };

/** Outputs of models for rows of 8 values, with the roles that people would give them. */
const CASES: readonly (readonly [outputs: readonly SeenOutput[], roles: readonly Role[]])[] = [
  [[output('output', 3)], ['code']],
  [[output('output', 8)], ['reconstruction']],
  [[output('dense_4', 1)], ['prediction']],
  [[output('z', 8)], ['code']],
  [
    [output('latent', 8), output('recon', 8)],
    ['code', 'reconstruction'],
  ],
  [
    [output('mu', 2), output('logvar', 2)],
    ['mean', 'log_variance'],
  ],
  [
    [output('z_mean', 2), output('z_log_var', 2), output('z', 2)],
    ['mean', 'log_variance', 'code'],
  ],
  [[output('mean_code', 2)], ['code']],
  [
    [output('label', 1, integer), output('probabilities', 3, probabilities)],
    ['ignored', 'probabilities'],
  ],
  [
    [output('label', 1, integer), output('scores', 1)],
    ['ignored', 'prediction'],
  ],
  [[output('cluster', 1, integer)], ['label']],
  [[output('softmax', 4, probabilities)], ['probabilities']],
  [
    [output('a', 3), output('b', 3)],
    ['code', 'ignored'],
  ],
  [
    [output('last_hidden_state', 24, { sizes: [8, 3] }), output('sentence', 3, { sizes: [3] })],
    ['ignored', 'code'],
  ],
  [[output('last_hidden_state', 24, { sizes: [8, 3] })], ['code']],
];

const options = { rowWidth: 8, stated: {}, isEncoder: false };

it('two codes of one size may be the heads of a variational encoder', () => {
  const [, second] = rolesOf([output('linear_1', 3), output('linear_2', 3)], options);
  expect(second!.reason).toContain('--role linear_1=mean --role linear_2=log_variance');
  const [, other] = rolesOf([output('linear_1', 3), output('linear_2', 4)], options);
  expect(other!.reason).toBe('another output is the code');
});

it('logits are no probabilities yet', () => {
  const [logits] = rolesOf([output('logits', 3)], options);
  expect(logits).toMatchObject({
    role: 'code',
    reason: expect.stringMatching(/end the model with a softmax$/),
  });
});

it.each(CASES)('%#: roles by name and shape', (outputs, roles) => {
  expect(rolesOf(outputs, options).map(({ role }) => role)).toEqual(roles);
});

describe('stated roles', () => {
  const outputs = [output('a', 3), output('b', 3)];

  it('count', () => {
    const chosen = rolesOf(outputs, { ...options, stated: { a: 'ignored', b: 'code' } });
    expect(chosen.map(({ role, reason }) => [role, reason])).toEqual([
      ['ignored', '--role'],
      ['code', '--role'],
    ]);
    const second = rolesOf(outputs, { ...options, stated: { b: 'code' } });
    expect(second.map(({ role }) => role)).toEqual(['ignored', 'code']);
  });

  it('are refused for an output that does not exist, or cannot be used', () => {
    expect(() => rolesOf(outputs, { ...options, stated: { aa: 'code' } })).toThrow(
      '--role aa=code: expected one of the outputs a, b',
    );
    const broken = [{ ...output('a', 3), width: undefined, fault: 'is NaN' }];
    expect(() => rolesOf(broken, { ...options, stated: { a: 'code' } })).toThrow(
      "output 'a' cannot be the code: is NaN",
    );
  });
});

it('the output of a decoder alone is refused', () => {
  expect(() => rolesOf([output('x_hat', 20)], options)).toThrow(
    'import the encoder, with this file as its --decoder',
  );
});

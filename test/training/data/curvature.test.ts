import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { relationsOf } from '../../../training/data/relations.ts';
import { numbers } from '../../support/data/nights/schemas.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 8000;
const [x, noise] = [1, 2].map((seed) => normals(random(seed, 'curvature'), ROWS)) as [number[], number[]];
const relations = (from: number, follow: (value: number) => number) => {
  const moved = x.map((value) => value + from);
  const columns = [
    numbers('x', moved),
    numbers(
      'y',
      moved.map((value, row) => follow(value) + 0.2 * noise[row]!),
    ),
  ];
  return relationsOf(columns, ROWS);
};

it('tells by about how much a correlation changes if a column moves', () => {
  for (const follow of [Math.abs, (value: number) => value ** 2]) {
    const { curvatures, variables } = relations(0, follow);
    const change = curvatures!.find(
      ([i, j]) => variables[i]!.column === 'y' && variables[j]!.column === 'x',
    )![2];
    const correlationAt = (from: number) => relations(from, follow).pairs[0]![2];
    const truth = (correlationAt(0.1) - correlationAt(-0.1)) / 0.2;
    // Rather more than less: the outermost ranks move least.
    expect(change / truth).toBeGreaterThan(0.8);
    expect(change / truth).toBeLessThan(2);
  }
});

it('is none of what rises or falls throughout', () => {
  expect(relations(0, (value) => value).curvatures).toEqual([]);
  expect(relations(0, (value) => -Math.exp(value)).curvatures).toEqual([]);
});

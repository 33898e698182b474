/** Graphs whose answers are not one for each row, or belong to other rows. */
import { graphAttribute, int64Scalar, int64s, intAttribute, node, tensorInfo } from '../hostile/plain.ts';
import { after, codes, type OddGraph, odd } from './oddGraph.ts';

const DEPENDS = /differs by .* if a row is alone: answers depend on the other rows/;

export const BATCHES: readonly OddGraph[] = [
  {
    name: 'a softmax over the rows',
    bytes: after([node('Softmax', ['plain'], ['code'], [intAttribute('axis', 0)])]),
    outcome: DEPENDS,
  },
  {
    name: 'rows that are summed up as they come',
    bytes: after([node('CumSum', ['plain', 'axis'], ['code'])], { initializer: [int64Scalar('axis', 0n)] }),
    outcome: DEPENDS,
  },
  {
    name: 'rows in the opposite order',
    bytes: after([node('Slice', ['plain', 'last', 'first', 'axis', 'back'], ['code'])], {
      initializer: [
        int64s('last', [-1]),
        int64s('first', [-(2 ** 40)]),
        int64s('axis', [0]),
        int64s('back', [-1]),
      ],
    }),
    outcome: DEPENDS,
  },
  {
    name: 'rows sorted by their first code',
    bytes: after([node('TopK', ['plain', 'all'], ['code', 'places'], [intAttribute('axis', 0)])], {
      initializer: [int64s('all', [1])],
    }),
    outcome:
      /has shape \[1, 2\] for 5 rows and \[1, 2\] for one: expected a result per row, and rows along the first axis/,
  },
  {
    name: 'every row twice',
    bytes: after([node('Tile', ['plain', 'times'], ['code'])], { initializer: [int64s('times', [2, 1])] }),
    outcome: DEPENDS,
  },
  {
    name: 'only rows above 0',
    bytes: after(
      [
        node('ReduceMax', ['plain', 'axis'], ['largest'], [intAttribute('keepdims', 0)]),
        node('Greater', ['largest', 'zero'], ['positive']),
        node('Compress', ['plain', 'positive'], ['code'], [intAttribute('axis', 0)]),
      ],
      { initializer: [int64s('axis', [1]), { name: 'zero', dataType: 1, dims: [], floatData: [0] }] },
    ),
    outcome: /expected a result per row/,
  },
  {
    name: 'rows second, as recurrent layers take series',
    bytes: odd({
      input: [tensorInfo('series', [4, 'N', 1])],
      output: [tensorInfo('code', ['N', 1])],
      initializer: [int64s('axis', [0])],
      node: [node('ReduceMean', ['series', 'axis'], ['code'], [intAttribute('keepdims', 0)])],
    }),
    outcome: /expected the batch first; transpose it in the model \(batch_first=True/,
  },
  {
    name: 'a branch that some row decides',
    bytes: after(
      [
        node('ReduceMax', ['plain'], ['largest'], [intAttribute('keepdims', 0)]),
        node('Greater', ['largest', 'one'], ['isLarge']),
        node(
          'If',
          ['isLarge'],
          ['code'],
          [
            graphAttribute('then_branch', {
              name: 'a',
              node: [node('Neg', ['plain'], ['a'])],
              output: [tensorInfo('a', ['N', 2])],
            }),
            graphAttribute('else_branch', {
              name: 'b',
              node: [node('Abs', ['plain'], ['b'])],
              output: [tensorInfo('b', ['N', 2])],
            }),
          ],
        ),
      ],
      { initializer: [{ name: 'one', dataType: 1, dims: [], floatData: [1] }] },
    ),
    outcome: DEPENDS,
  },
  {
    name: 'a mean of all rows next to the codes',
    bytes: after(
      [
        node('Identity', ['plain'], ['code']),
        node('ReduceMean', ['plain'], ['mean'], [intAttribute('keepdims', 0)]),
      ],
      { output: [tensorInfo('mean', []), tensorInfo('code', ['N', 2])] },
    ),
    outcome: codes,
  },
  {
    name: 'a constant next to the codes',
    bytes: after([node('Identity', ['plain'], ['code'])], {
      output: [tensorInfo('weights', [4, 2]), tensorInfo('code', ['N', 2])],
    }),
    outcome: codes,
  },
  {
    name: 'a Loop with a round for every row',
    bytes: after(
      [
        node('Shape', ['plain'], ['shape']),
        node('Gather', ['shape', 'zero'], ['count']),
        node(
          'Loop',
          ['count', '', 'plain'],
          ['code'],
          [
            graphAttribute('body', {
              name: 'body',
              input: [tensorInfo('round', [], 7), tensorInfo('go', [], 9), tensorInfo('state', ['N', 2])],
              node: [node('Identity', ['go'], ['goOn']), node('Neg', ['state'], ['next'])],
              output: [tensorInfo('goOn', [], 9), tensorInfo('next', ['N', 2])],
            }),
          ],
        ),
      ],
      { initializer: [int64Scalar('zero', 0n)] },
    ),
    outcome: DEPENDS,
  },
];

/** Requests as a shadow is asked them: copies that hold little, and share nothing with the request. */
import type { Manifest, OperationName } from '../../shared/manifest.ts';
import { createInFlight } from '../inFlight.ts';
import type { RowAnswer } from '../shadow/compared.ts';
import type { CopiedRequest } from '../shadow/shadowing.ts';
import { newRecord } from '../telemetry/record.ts';
import { answeredRows } from './answerLines.ts';
import { assertOffered } from './offered.ts';
import type { BodyOperation, RowsOperation } from './operation.ts';
import { type Batch, firstRows } from './rows/batch.ts';
import { refuseAll, rowFaults } from './rows/faults.ts';
import { layoutOf, type RowLayout } from './rows/layout.ts';
import { type RunRange, runningModel, type Shared } from './running.ts';

/** Rows of a request that are copied: few enough that a request that comes meanwhile hardly waits. */
const MAX_ROWS = 64;
/** Values in the body of a request that is copied. */
const MAX_VALUES = 4096;

/** An operation that has been called. */
interface Called<Operation> {
  readonly name: OperationName;
  readonly operation: Operation;
  /** The checked query parameters. */
  readonly query: unknown;
}

/** Copies rows that have been answered. */
export function copiedRows(
  shared: Shared,
  { name, operation, query }: Called<RowsOperation>,
  layout: RowLayout,
  batch: Batch,
): CopiedRequest {
  const { graphs, takes, compared } = operation;
  const { inputs, rowCount } = firstRows(batch, MAX_ROWS);
  const ask = async (manifest: Manifest): Promise<readonly RowAnswer[]> => {
    assertOffered(manifest, name);
    if (shapeOf(layoutOf(manifest, graphs[0], takes)) !== shapeOf(layout))
      throw new Error('it takes other rows than the version in production');
    const faults = rowFaults();
    const model = unseenModel(shared, manifest, { start: 0, refuse: faults.refuse });
    const { body } = await operation.run(model, inputs, query);
    faults.assertAny(rowCount);
    const { rows, problems } = faults.within(0, rowCount);
    const refused = new Map(rows.map((row, i) => [row, problems[i]!.slug]));
    // At once: the next run may use the same memory.
    const answer = body() as Readonly<Record<string, unknown>>;
    return answeredRows(operation, { body: answer, problems: refused }, rowCount);
  };
  return { graphs, compared, ask };
}

/** Copies a body that has been answered; undefined if it is too large. */
export function copiedBody(
  shared: Shared,
  { name, operation, query }: Called<BodyOperation>,
  body: unknown,
  maxRows: number,
): CopiedRequest | undefined {
  if (valuesIn(body) > MAX_VALUES) return undefined;
  const ask = async (manifest: Manifest): Promise<readonly RowAnswer[]> => {
    assertOffered(manifest, name);
    const model = unseenModel(shared, manifest, { start: 0, refuse: refuseAll });
    const answer = (await operation.run(model, body, maxRows, query)).body() as { users?: RowAnswer[] };
    return answer.users ?? [answer];
  };
  return { graphs: operation.graphs, compared: operation.compared, ask };
}

/** A model whose runs are part of no request: nothing of them is recorded, and they keep no request from room. */
function unseenModel({ models, limits, drift, vectors }: Shared, manifest: Manifest, range: RunRange) {
  const own = { record: newRecord(), inFlight: createInFlight(), rowLog: undefined, shadowing: undefined };
  return runningModel({ models, limits, drift, vectors, ...own }, manifest, range);
}

/** The parts that two layouts must share for inputs of one to be inputs of the other. */
function shapeOf({ width, positions, input, columns }: RowLayout): string {
  return JSON.stringify([width, input, columns, positions && [...positions.keys()]]);
}

/** Counts the values in JSON, up to slightly more than are copied. */
function valuesIn(value: unknown, before = 0): number {
  if (typeof value !== 'object' || value === null || before > MAX_VALUES) return before + 1;
  return Object.values(value).reduce((count: number, each) => valuesIn(each, count), before);
}

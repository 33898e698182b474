/** Rows of requests for the log of rows: what the policy of their model lets through, and nothing else. */
import { didYouMean } from '../../shared/didYouMean.ts';
import type { LoggedRow } from '../../shared/loggedRows.ts';
import type { Manifest, OperationName } from '../../shared/manifest.ts';
import type { Tensors } from '../../shared/tensor.ts';
import type { RowPolicy } from '../rowLog/policy.ts';
import type { RowLog } from '../rowLog/rowLog.ts';
import type { RequestRecord } from '../telemetry/record.ts';
import { answeredRows } from './answerLines.ts';
import type { Answer, RowsOperation } from './operation.ts';
import type { RowLayout } from './rows/layout.ts';
import { valuesOf } from './rows/values.ts';

/**
 * The operations whose rows are logged, and the members of an answer that are: numbers that are made of a whole row.
 * What gives back values of single features is never logged, since these may be left out.
 */
const LOGGED: Readonly<Partial<Record<OperationName, readonly string[]>>> = {
  encode: ['code', 'scale', 'positions'],
  reduce: ['coordinates'],
  reconstruct: [],
  denoise: [],
  score: ['error', 'score', 'percentile', 'pValue', 'isAnomaly', 'confidence'],
  predict: ['prediction'],
  forecast: [],
};

/** An operation that answers rows by a version of a model. */
interface Answering {
  readonly name: OperationName;
  readonly operation: RowsOperation;
  readonly manifest: Manifest;
  readonly layout: RowLayout;
}

/** Logs the rows of an answer, which are those of the request from `start` up to `end`. */
export type LogRows = (answer: Answer<unknown>, inputs: Tensors, start: number, end: number) => void;

/** Returns what logs the rows of a request; undefined if they are not logged. */
export function rowLogger(
  rowLog: RowLog,
  { requestId }: RequestRecord,
  answering: Answering,
): LogRows | undefined {
  const { name, operation, manifest, layout } = answering;
  const members = operation.takes === 'rows' ? LOGGED[name] : undefined;
  const policy = members && rowLog.policyOf(manifest.name, requestId);
  if (members === undefined || policy === undefined) return undefined;
  const { version, features } = manifest;
  const problem = problemOf(policy, answering);
  if (problem !== undefined) {
    rowLog.refuse(`${manifest.name}@${version}`, problem);
    return undefined;
  }
  const kept = Array.from({ length: layout.width }, (_, position) => position).filter(
    (position) => !policy.leaveOut.includes(layout.nameOf(position) ?? ''),
  );
  const hash = policy.hash.filter((column) => layout.positions?.has(column));
  const facts = {
    ...{ kind: 'row' as const, request_id: requestId, model: manifest.name, version, operation: name },
    ...(policy.leaveOut.length > 0 && { leftOut: policy.leaveOut }),
    ...(hash.length > 0 && { hashed: hash }),
  };
  return (answer, inputs, start, end) => {
    const unanswered = new Map(answer.unanswered?.rows.map((row) => [row, ''] as const));
    const body = answer.body() as Readonly<Record<string, unknown>>;
    const answers = answeredRows(operation, { body, problems: unanswered }, end - start);
    const cellOf = valuesOf(features, layout, inputs);
    const time = new Date().toISOString();
    const rows = answers.flatMap((own, row): LoggedRow[] => {
      if (unanswered.has(row)) return [];
      const values = kept.map((position) => cellOf(row, position));
      const named = kept.map((position, i) => [layout.nameOf(position)!, values[i]!] as const);
      const given = members.filter((member) => own[member] !== undefined);
      return [
        {
          ...{ ...facts, time, row: start + row },
          features: layout.positions === undefined ? values : Object.fromEntries(named),
          answer: Object.fromEntries(given.map((member) => [member, own[member]])),
        },
      ];
    });
    rowLog.add(rows, hash);
  };
}

/** Returns why rows are not logged: a column that is misspelt would be logged as it is. */
function problemOf({ leaveOut, hash }: RowPolicy, { manifest, layout, name }: Answering): string | undefined {
  const named = [...leaveOut, ...hash];
  if (named.length === 0) return undefined;
  if (layout.positions === undefined)
    return `the rows of ${name} have no names of columns, so that none can be left out or hashed`;
  const known = [...layout.positions.keys(), ...(manifest.features.ignored ?? [])];
  const unknown = named.find((column) => !known.includes(column));
  return unknown === undefined
    ? undefined
    : `it has no column '${unknown}' to leave out or hash${didYouMean(unknown, known)}`;
}

/**
 * The log of rows: batches of an isolate, written after requests are answered. It never delays an answer, and never
 * makes one fail.
 */
import { type LoggedRow, rowHasher } from '../../shared/loggedRows.ts';
import { isInShare } from '../models/canary.ts';
import type { KeepAlive } from '../models/stale.ts';
import { logEvent } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { RowLogging, RowPolicy } from './policy.ts';
import { type LoggedLine, lineOf, type RowsBinding, writeLines } from './sink.ts';

/** Milliseconds for which rows wait for others. */
const WAIT_MS = 1500;
/** Characters after which a batch is written without waiting. */
const BATCH_SIZE = 1024 * 1024;
/** Characters that an isolate holds at one time, those that are being written included. */
const MAX_SIZE = 8 * 1024 * 1024;

export interface RowLog {
  /** Returns what is to be logged of a request; undefined for nothing. The same id has the same result. */
  policyOf(model: string, requestId: string): RowPolicy | undefined;
  /** Takes rows to be written later; values of columns to hash are still as they are. */
  add(rows: readonly LoggedRow[], columnsToHash: readonly string[]): void;
  /** Logs once for each version why none of its rows are logged. */
  refuse(modelVersion: string, reason: string): void;
}

interface RowLogParts {
  readonly logging: RowLogging;
  readonly binding: RowsBinding | undefined;
  readonly metrics: Pick<Metrics, 'loggedRows'>;
  readonly keepAlive: KeepAlive;
}

/** Creates the log of an isolate; undefined if no model is to be logged, or there is nowhere to write to. */
export function createRowLog({ logging, binding, metrics, keepAlive }: RowLogParts): RowLog | undefined {
  const { models, salt } = logging;
  if (Object.keys(models).length === 0 || binding === undefined) return undefined;
  let batch: LoggedLine[] = [];
  let batchSize = 0;
  let held = 0;
  const refused = new Set<string>();
  const told = { failed: false, dropped: false };

  const count = (outcome: keyof Metrics['loggedRows'], rows: number): void => {
    metrics.loggedRows[outcome] += rows;
  };

  const write = async (): Promise<void> => {
    const [lines, size] = [batch, batchSize];
    [batch, batchSize] = [[], 0];
    try {
      await writeLines(binding, lines);
      count('written', lines.length);
      told.failed = false;
    } catch (error) {
      count('failed', lines.length);
      if (!told.failed) logEvent('logged rows could not be written to ROWS', error);
      told.failed = true;
    } finally {
      held -= size;
    }
  };

  const take = async (rows: readonly LoggedRow[], columns: readonly string[]): Promise<void> => {
    const kept = columns.length === 0 ? rows : await hashed(rows, columns, salt!);
    const lines = kept.map(lineOf);
    const size = lines.reduce((sum, { text }) => sum + text.length, 0);
    if (held + size > MAX_SIZE) {
      count('dropped', rows.length);
      if (!told.dropped)
        logEvent('rows were not logged: more were waiting to be written than an isolate holds');
      told.dropped = true;
      return;
    }
    const isFirst = batch.length === 0;
    batch.push(...lines);
    batchSize += size;
    held += size;
    if (batchSize >= BATCH_SIZE) return write();
    if (!isFirst) return;
    // The request of the first row writes for those that come meanwhile; a full batch was written by another one.
    const own = batch;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    if (batch === own) await write();
  };

  return {
    policyOf: (model, requestId) => {
      const policy = Object.hasOwn(models, model) ? models[model] : undefined;
      return policy && isInShare(model, requestId, policy.share * 100) ? policy : undefined;
    },
    add: (rows, columnsToHash) => keepAlive(take(rows, columnsToHash)),
    refuse: (modelVersion, reason) => {
      if (!refused.has(modelVersion)) logEvent(`LOG_ROWS: no rows of ${modelVersion} are logged: ${reason}`);
      refused.add(modelVersion);
    },
  };
}

/** Returns rows with hashes in place of values; a missing value stays null. */
async function hashed(
  rows: readonly LoggedRow[],
  columns: readonly string[],
  salt: string,
): Promise<readonly LoggedRow[]> {
  const hash = await rowHasher(salt);
  return Promise.all(
    rows.map(async (row) => {
      // Columns are hashed by name, so that the row has names.
      const features = { ...(row.features as Exclude<LoggedRow['features'], readonly unknown[]>) };
      for (const column of columns) {
        const value = features[column] ?? null;
        if (value !== null) features[column] = await hash(value);
      }
      return { ...row, features };
    }),
  );
}

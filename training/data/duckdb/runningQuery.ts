/** Progress of a query that takes long. */
import type { DuckDBConnection } from '@duckdb/node-api';

const EVERY_MS = 200;

/** Runs `work` and reports, while it runs, the share of the query that DuckDB has done, in [0, 1]. */
export async function whileRunning<T>(
  connection: DuckDBConnection,
  onShare: (share: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  await connection.run('SET enable_progress_bar = true; SET enable_progress_bar_print = false');
  const timer = setInterval(() => onShare(Math.max(0, connection.progress.percentage) / 100), EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** A printed table of roles. */
import Table from 'cli-table3';
import type { ColumnRole } from './roles.ts';

/**
 * Formats one line per column: name, type, share missing, values, role, and its transform or the reason to
 * ignore it.
 */
export function roleTable(roles: readonly ColumnRole[]): string {
  const table = new Table({
    head: ['column', 'type', 'missing', 'values', 'role', 'transform'],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, type, missing, values, role, transform, reason } of roles) {
    table.push([name, type, `${(100 * missing).toFixed(1)}%`, values, role, transform ?? reason]);
  }
  return table.toString();
}

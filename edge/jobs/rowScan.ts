/** Ends of the rows of NDJSON and CSV, found in bytes that arrive in pieces. */

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const SPACE = 0x20;

/** Formats whose rows are lines of text. */
export type TextFormat = 'ndjson' | 'csv';

export interface RowScan {
  /**
   * Reads the next bytes. `onRow` receives the position after each row that ends in them, counted from the
   * first byte of the scan. Lines of white space are no rows.
   */
  read(bytes: Uint8Array, onRow: (end: number) => void): void;
  /** True if the bytes so far end within a row. */
  readonly isWithinRow: boolean;
}

/**
 * Starts a scan at the first byte of a row. In CSV, a line feed between quotes belongs to its value (RFC 4180,
 * section 2.6); a quote counts only where a value starts, so that `5" pipe` does not open one.
 *
 * @example
 * const ends: number[] = [];
 * rowScan('csv').read(bytes, (end) => ends.push(end));
 */
export function rowScan(format: TextFormat): RowScan {
  return format === 'csv' ? csvScan() : lineScan();
}

function lineScan(): RowScan {
  let at = 0;
  let hasContent = false;
  return {
    get isWithinRow() {
      return hasContent;
    },
    read: (bytes, onRow) => {
      let start = 0;
      // A search of its own is several times as fast as a look at every byte.
      for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
        if (hasContent || !isBlank(bytes, start, end)) onRow(at + end + 1);
        hasContent = false;
        start = end + 1;
      }
      hasContent ||= !isBlank(bytes, start, bytes.length);
      at += bytes.length;
    },
  };
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! > SPACE) return false;
  return true;
}

function csvScan(): RowScan {
  let at = 0;
  let hasContent = false;
  let isQuoted = false;
  /** True where a quote opens a value, or doubles the quote before it. */
  let mayOpen = true;
  return {
    get isWithinRow() {
      return hasContent;
    },
    read: (bytes, onRow) => {
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i]!;
        if (byte === LINE_FEED && !isQuoted) {
          if (hasContent) onRow(at + i + 1);
          hasContent = false;
          mayOpen = true;
          continue;
        }
        if (byte > SPACE) hasContent = true;
        if (byte !== QUOTE) mayOpen = byte === COMMA && !isQuoted;
        else if (isQuoted || mayOpen) {
          isQuoted = !isQuoted;
          mayOpen = true;
        }
      }
      at += bytes.length;
    },
  };
}

/**
 * Returns the values of one row of CSV. Blanks around a value are dropped, unless it is quoted.
 *
 * @example
 * csvValues('1,"a ""b"", c"'); // ['1', 'a "b", c']
 */
export function csvValues(row: string): string[] {
  const values: string[] = [];
  let at = 0;
  for (;;) {
    const isQuoted = row[at] === '"';
    const end = isQuoted ? quoteAfter(row, at + 1) : at;
    const comma = row.indexOf(',', end);
    const value = row.slice(at, comma === -1 ? undefined : comma);
    values.push(isQuoted ? unquoted(value) : value.trim());
    if (comma === -1) return values;
    at = comma + 1;
  }
}

/** Returns the position after the quote that closes a value. */
function quoteAfter(row: string, start: number): number {
  let at = start;
  for (;;) {
    const quote = row.indexOf('"', at);
    if (quote === -1) return row.length;
    if (row[quote + 1] !== '"') return quote + 1;
    at = quote + 2;
  }
}

function unquoted(value: string): string {
  const end = value.lastIndexOf('"');
  return (end > 0 ? value.slice(1, end) : value.slice(1)).replaceAll('""', '"');
}

import type { KnownColumns } from './knownColumns.ts';
import type { DecimalMark } from './numberText.ts';

/** A user's choices about the columns of a table; whatever they leave open is inferred. */
export interface ColumnChoices {
  /** Columns that the model does not see. */
  readonly ignore?: readonly string[];
  /** Columns that the model sees although they would be left out. */
  readonly feature?: readonly string[];
  /** Column of numbers or classes to predict. */
  readonly target?: string;
  /** Column that marks anomalies; used for evaluation only. */
  readonly label?: string;
  /** Values of the label that mark anomalies. */
  readonly positive?: readonly string[];
  /** Column that identifies rows. */
  readonly id?: string;
  /** Column of times: trains on the oldest rows and tests on the newest. */
  readonly time?: string;
  /** Points in a window, and from the start of one to the start of the next; as text. Only for the recipe windows. */
  readonly length?: string;
  readonly stride?: string;
  /** Rows to read from the start, or to draw at random, and most rows to hold in memory; as text. Only for large tables. */
  readonly limit?: string;
  readonly sample?: string;
  readonly hold?: string;
  /** Marks for missing values, in addition to the usual ones. */
  readonly missing?: readonly string[];
  /** Marks for missing values that are values in this data, such as NA for Namibia. */
  readonly keep?: readonly string[];
  /** Columns that are text, whatever they look like. */
  readonly text?: readonly string[];
  /** Decimal mark of numbers such as `1.234` or `1,234`, which may be thousands. */
  readonly decimal?: DecimalMark;
  /** Columns of the model that this one is to replace: they decide what no choice does. Not recorded. */
  readonly known?: KnownColumns;
}

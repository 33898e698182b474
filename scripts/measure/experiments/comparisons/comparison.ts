/** A comparison of several models on the same rows, for one table of the documentation. */

export interface Comparison {
  /** The page that holds the table; `docs/benchmarks.md` by default. */
  readonly page?: string;
  /** The section of the page. */
  readonly section: string;
  /** Heading of the first column; `model` by default. */
  readonly of?: string;
  /** Columns of the table, in order: metrics, or whatever figures are given for. */
  readonly metrics: readonly string[];
  /** Meaning of the figure after the ±, for the text below the table; absent for single runs. */
  readonly spread?: string;
  readonly measure: (print: (line: string) => void) => Promise<ComparisonResult>;
}

export interface ComparisonResult {
  readonly contenders: readonly ComparedModel[];
  readonly checks: readonly ComparisonCheck[];
}

export interface ComparedModel {
  readonly name: string;
  /** Figures by metric. */
  readonly figures: Readonly<Record<string, MeanWithError>>;
  /** Mean duration of a training; undefined for models without one. */
  readonly seconds?: number | undefined;
}

export interface MeanWithError {
  readonly mean: number;
  readonly error: number;
}

/** A figure that must be at least `least`. */
export interface ComparisonCheck {
  readonly what: string;
  readonly figure: number;
  readonly least: number;
}

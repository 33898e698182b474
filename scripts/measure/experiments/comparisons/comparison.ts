/** What a comparison is: several models on the same rows, for one table of the documentation. */

export interface Comparison {
  /** The section of `docs/benchmarks.md` that holds the table. */
  readonly section: string;
  /** What the figures are of, in order. */
  readonly metrics: readonly string[];
  /** A figure is a mean; what stands behind its ±. */
  readonly spread: string;
  readonly measure: (print: (line: string) => void) => Promise<Compared>;
}

export interface Compared {
  readonly contenders: readonly Contender[];
  readonly checks: readonly Check[];
}

export interface Contender {
  readonly name: string;
  /** By metric. */
  readonly figures: Readonly<Record<string, Spread>>;
  /** What one training took, where there was one. */
  readonly seconds?: number | undefined;
}

export interface Spread {
  readonly mean: number;
  readonly error: number;
}

/** A figure that has to be so large. */
export interface Check {
  readonly what: string;
  readonly figure: number;
  readonly least: number;
}

/** A key figure with its explanation. */
export interface KeyFigure {
  readonly name: string;
  readonly value: string;
  /** Explanation that continues the value. */
  readonly meaning: string;
}

/** Default marks for a missing value in text, as databases, pandas, R and spreadsheets write them. */
export const MISSING = [
  ...['', 'NA', 'N/A', 'NaN', 'null', 'NULL', 'None', '<NA>', '?', '-'],
  ...['n/a', 'nan', 'NaT', '#N/A', '(null)', '\\N'],
] as const;

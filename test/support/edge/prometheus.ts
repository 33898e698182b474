/** Reads Prometheus' text format, strictly: an unexpected line is an error. */

export interface Scrape {
  /** By name and labels as written. */
  readonly samples: ReadonlyMap<string, number>;
  readonly families: ReadonlyMap<string, { readonly type: string; readonly help: string }>;
}

const COMMENT = /^# (HELP|TYPE) ([a-z_]+) (.+)$/;
const SAMPLE = /^([a-z_]+)(\{(?:[a-z_]+="[^"\\\n]*"(?:,(?=[a-z]))?)*\}) (-?[\d.e+-]+)$/;
const SUFFIX = /_(bucket|sum|count)$/;

/** @throws {Error} for text that Prometheus would not take: samples without a type, twice, or buckets that fall. */
export function metricsOf(text: string): Scrape {
  const samples = new Map<string, number>();
  const families = new Map<string, { type: string; help: string }>();
  let last: [name: string, count: number] = ['', 0];
  for (const line of text.trimEnd().split('\n')) {
    const [, kind, family, value] = COMMENT.exec(line) ?? [];
    if (kind === 'HELP') families.set(family!, { type: '', help: value! });
    else if (kind === 'TYPE') families.get(family!)!.type = value!;
    else {
      const [, name, labels, number] = SAMPLE.exec(line) ?? [];
      if (!name || !labels) throw new Error(`not a sample: ${line}`);
      if (!families.has(name) && families.get(name.replace(SUFFIX, ''))?.type !== 'histogram')
        throw new Error(`no type: ${line}`);
      if (samples.has(name + labels)) throw new Error(`twice: ${line}`);
      const count = Number(number);
      const bucketOf = name + labels.replace(/,?le="[^"]*"/, '');
      if (name.endsWith('_bucket') && bucketOf === last[0] && count < last[1])
        throw new Error(`falls: ${line}`);
      last = [bucketOf, count];
      samples.set(name + labels, count);
    }
  }
  return { samples, families };
}

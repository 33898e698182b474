/** What can run the models of a Worker, as `RUNTIME` in wrangler.toml names it. */
import { InputError } from '../../shared/errors.ts';
import { readWorkerSettings } from './wranglerToml.ts';

interface RuntimeChoice {
  /** The file in `edge/runtime/modes`. */
  readonly module: string;
  /** Whether bundled models are frozen. */
  readonly freezes: boolean;
  /** Whether there is a slim runtime. */
  readonly loads: boolean;
  /** Which bundled graphs are there as ONNX, too. */
  readonly graphs: 'none' | 'those that cannot be frozen' | 'all';
  readonly summary: string;
}

export const RUNTIMES = {
  frozen: {
    ...{ module: 'frozen', freezes: true, loads: false, graphs: 'none' },
    summary: 'bundled models only: the smallest upload, and the fastest first answer',
  },
  'frozen+slim': {
    ...{ module: 'frozenSlim', freezes: true, loads: true, graphs: 'those that cannot be frozen' },
    summary: 'models of a bucket, too, made of the operators of the bundled ones',
  },
  'frozen+stock': {
    ...{ module: 'frozenStock', freezes: true, loads: false, graphs: 'all' },
    summary: 'models of a bucket, too, of any operators; answers whatever the frozen runtime cannot',
  },
  slim: {
    ...{ module: 'slim', freezes: false, loads: true, graphs: 'all' },
    summary: 'any model of the operators of the bundled ones, loaded when it is first asked for',
  },
  stock: {
    ...{ module: 'stock', freezes: false, loads: false, graphs: 'all' },
    summary: 'the unmodified onnxruntime-web',
  },
} as const satisfies Record<string, RuntimeChoice>;

export type RuntimeName = keyof typeof RUNTIMES;

/** The runtime that wrangler.toml asks for. @throws {InputError} where there is no such. */
export async function configuredRuntime(): Promise<RuntimeName> {
  const received = (await variables()).RUNTIME ?? 'frozen';
  const name = Object.keys(RUNTIMES).find((each) => each === received);
  if (name !== undefined) return name as RuntimeName;
  throw new InputError(
    `RUNTIME in wrangler.toml: expected ${Object.keys(RUNTIMES).join(', ')}, received ${String(received)}`,
  );
}

/** The most rows that a Worker answers in one piece. */
export async function configuredMaxRows(): Promise<number> {
  return Number((await variables()).MAX_ROWS ?? 1024);
}

async function variables(): Promise<Readonly<Record<string, unknown>>> {
  return (await readWorkerSettings()).vars;
}

/** Runtimes for the models of a Worker, by the name that `RUNTIME` in wrangler.toml has for them. */
import { type Limits, readSettings } from '../../edge/settings.ts';
import { InputError } from '../../shared/errors.ts';
import { readWorkerSettings } from './wranglerToml.ts';

interface RuntimeChoice {
  /** Name of the file in `edge/runtime/modes`. */
  readonly module: string;
  /** The same for a Worker without bundled models; null if the runtime is made from them. */
  readonly without: string | null;
  /** True if bundled models are frozen. */
  readonly freezes: boolean;
  /** True if a slim runtime, which loads graphs, is included. */
  readonly loads: boolean;
  /** Bundled graphs that are also included as ONNX. */
  readonly graphs: 'none' | 'those that cannot be frozen' | 'all';
  readonly summary: string;
}

export const RUNTIMES = {
  frozen: {
    ...{ module: 'frozen', without: null, freezes: true, loads: false, graphs: 'none' },
    summary: 'bundled models only; fastest first answer',
  },
  'frozen+slim': {
    ...{
      module: 'frozenSlim',
      without: null,
      freezes: true,
      loads: true,
      graphs: 'those that cannot be frozen',
    },
    summary: 'bundled models, and models from a bucket that use the same operators',
  },
  'frozen+stock': {
    ...{ module: 'frozenStock', without: null, freezes: true, loads: false, graphs: 'all' },
    summary:
      'bundled models, and any models from a bucket; takes over whatever the frozen runtime cannot run',
  },
  dynamic: {
    ...{ module: 'dynamic', without: 'dynamicOnly', freezes: true, loads: false, graphs: 'all' },
    summary:
      'bundled models; each version from a bucket in a frozen isolate of its own, which needs `worker_loaders`; onnxruntime-web for the rest',
  },
  slim: {
    ...{ module: 'slim', without: null, freezes: false, loads: true, graphs: 'all' },
    summary: 'any model that uses the operators of the bundled ones, loaded on its first request',
  },
  stock: {
    ...{ module: 'stock', without: 'stock', freezes: false, loads: false, graphs: 'all' },
    summary: 'the unmodified onnxruntime-web',
  },
} as const satisfies Record<string, RuntimeChoice>;

export type RuntimeName = keyof typeof RUNTIMES;

/** Reads `RUNTIME` from wrangler.toml. @throws {InputError} if there is no runtime of this name. */
export async function configuredRuntime(): Promise<RuntimeName> {
  const received = (await variables()).RUNTIME ?? 'frozen';
  const name = Object.keys(RUNTIMES).find((each) => each === received);
  if (name !== undefined) return name as RuntimeName;
  throw new InputError(
    `RUNTIME in wrangler.toml: expected one of ${Object.keys(RUNTIMES).join(', ')}, received ${String(received)}`,
  );
}

/** The binding that `dynamic` starts isolates by. */
const LOADER = 'LOADER';

/** True if wrangler.toml asks for isolates of versions, but has no loader that could start them. */
export async function lacksLoader(): Promise<boolean> {
  const { worker_loaders: loaders } = await readWorkerSettings();
  return (await configuredRuntime()) === 'dynamic' && !loaders.some(({ binding }) => binding === LOADER);
}

/** Reads from wrangler.toml what limits the rows that a Worker answers in one piece. */
export async function configuredLimits(): Promise<Limits> {
  const { MAX_ROWS, MAX_BODY_BYTES } = await variables();
  return readSettings({ MAX_ROWS, MAX_BODY_BYTES }).limits;
}

/** Reads from wrangler.toml if the Worker offers the Model Context Protocol. */
export async function configuredMcp(): Promise<boolean> {
  const { MCP } = await variables();
  return readSettings({ MCP }).mcp;
}

async function variables(): Promise<Readonly<Record<string, unknown>>> {
  return (await readWorkerSettings()).vars;
}

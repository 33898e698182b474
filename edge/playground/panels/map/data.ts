/** The training rows of a model as points, where the Worker has them among its assets. */
import { useEffect, useState } from 'preact/hooks';
import type { ModelDescription } from '../../../../shared/api.ts';
import { type CodeMap, type MapIndex, readMap } from '../../../../shared/mapFile.ts';

export interface LoadedMap {
  readonly map?: CodeMap;
  /** The reason why there is no map, for the reader. */
  readonly why?: string;
  readonly error?: Error;
}

/** Progress of a map that is being loaded. */
export interface LoadingMap {
  readonly bytes: number;
}

/** Loads the map of a model. */
export function useTrainingMap({ name, version }: ModelDescription): LoadedMap | LoadingMap {
  const [loaded, setLoaded] = useState<LoadedMap | LoadingMap>({ bytes: 0 });
  useEffect(() => {
    const abort = new AbortController();
    setLoaded({ bytes: 0 });
    const report = (bytes: number) => setLoaded({ bytes });
    load(`${name}/${version}`, abort.signal, report).then(setLoaded, (error: Error) => {
      if (!abort.signal.aborted) setLoaded({ error });
    });
    return () => abort.abort();
  }, [name, version]);
  return loaded;
}

async function load(path: string, signal: AbortSignal, report: (bytes: number) => void): Promise<LoadedMap> {
  const get = async (file: string) => {
    const response = await fetch(`maps/${file}`, { signal });
    if (!response.ok) throw new Error(`maps/${file}: ${response.status} ${response.statusText}`);
    return response;
  };
  // It is always there, so that nothing is asked for that is not.
  const { data, maps } = (await (await get('index.json')).json()) as MapIndex;
  if (data === 'private')
    return {
      why: 'The training rows are not shown: they may be personal data, and this Worker keeps them private. To show them to everybody who reaches it, set PLAYGROUND_DATA = "public" in wrangler.toml, and build it again.',
    };
  if (!maps.includes(path))
    return {
      why: 'This version has no map of its training rows: it was trained with --no-rows or by an earlier release, or it comes from the bucket or from elsewhere.',
    };
  return { map: readMap(await bytesOf((await get(`${path}.bin`)).body!, report)) };
}

/** Reads all of a stream; `report` receives how much has come, since a map is megabytes. */
async function bytesOf(
  stream: ReadableStream<Uint8Array>,
  report: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value as Uint8Array<ArrayBuffer>);
    length += next.value.length;
    report(length);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

import { useEffect, useRef, useState } from 'preact/hooks';
import type { OperationName } from '../../shared/manifest.ts';
import { type AnswerOf, type Call, type Service, useService } from './service.ts';

export interface Answered<Answer> {
  /** The newest answer, possibly to an earlier call than the present one. */
  readonly answer?: Answer | undefined;
  /** The failure of the newest call that was answered. */
  readonly error?: Error | undefined;
  /** True while the answer is not that of the present call. */
  readonly isPending: boolean;
  /** Time from sending the answered call to its answer. */
  readonly milliseconds?: number | undefined;
}

/**
 * Keeps the answer to a call that changes, for instance at every stroke: one request at a time, always with the newest
 * call. Null asks nothing.
 */
export function useAnswer<Name extends OperationName>(call: Call<Name> | null): Answered<AnswerOf<Name>> {
  const key = call && JSON.stringify(call);
  return useLatest(key, (service) => service.run(call!));
}

/** The same for anything that is asked of the API. `key` identifies what is asked; null asks nothing. */
export function useLatest<Answer>(
  key: string | null,
  ask: (service: Service) => Promise<Answer>,
): Answered<Answer> {
  const service = useService();
  const [state, setState] = useState<Omit<Answered<Answer>, 'isPending'> & { readonly of?: unknown }>({});
  const wanted = useRef<{ key: string | null; ask: typeof ask; service: Service }>({ key, ask, service });
  const isAsking = useRef(false);
  wanted.current = { key, ask, service };
  useEffect(() => {
    const answerAll = async () => {
      isAsking.current = true;
      for (let done: unknown = null; ; ) {
        const { key: asked, ask: now, service: through } = wanted.current;
        if (asked === null || asked === done) break;
        done = asked;
        const start = performance.now();
        try {
          const answer = await now(through);
          setState({ answer, of: asked, milliseconds: performance.now() - start });
        } catch (error) {
          setState({ error: error as Error, of: asked });
        }
      }
      isAsking.current = false;
    };
    if (key !== null && !isAsking.current) void answerAll();
  }, [key, service]);
  useEffect(
    () => () => {
      wanted.current = { ...wanted.current, key: null };
    },
    [],
  );
  return { ...state, isPending: key !== null && state.of !== key };
}

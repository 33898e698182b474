import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useService } from '../../service.ts';
import { CopyCode } from '../../ui/CopyCode.tsx';
import { Notice } from '../../ui/Notice.tsx';
import type { PanelProps } from '../panel.ts';
import { columnsOf } from './columns.ts';
import { type ReadFile, readText } from './readFile.ts';
import { Scores } from './Scores.tsx';
import { type ScoredFile, scoreFile } from './scoreFile.ts';

interface Progress {
  readonly file: ReadFile;
  readonly done: number;
  readonly scored?: ScoredFile;
}

/** A file of rows, scored in pieces and sorted. The page sends rows to its own API, and nothing elsewhere. */
export function File({ model, reference }: PanelProps) {
  const columns = useMemo(() => columnsOf(model), [model]);
  const service = useService();
  const [progress, setProgress] = useState<Progress>();
  const [error, setError] = useState<Error>();
  const [isOver, setOver] = useState(false);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const open = async (chosen: Blob & { readonly name: string }) => {
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    setError(undefined);
    setProgress(undefined);
    try {
      const file = readText(chosen.name, await chosen.text(), columns);
      setProgress({ file, done: 0 });
      const report = (done: number) => setProgress({ file, done });
      const scored = await scoreFile(file, reference, { service, signal: control.signal, report });
      setProgress({ file, done: file.rows.length, scored });
    } catch (failure) {
      if (!control.signal.aborted) setError(failure as Error);
    }
  };
  const stop = () => {
    running.current?.abort();
    setProgress(undefined);
  };
  const sample = progress?.file.rows.slice(0, 2) ?? [
    columns.map(({ mean, categories }) => mean ?? categories[0] ?? null),
  ];
  return (
    <>
      <p class="lead">
        Drop a CSV with the columns of the model. Its rows are scored by this Worker and sorted, the most
        unusual first; nothing is stored.
      </p>
      <label
        class={`drop ${isOver ? 'over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          const [dropped] = event.dataTransfer?.files ?? [];
          if (dropped) void open(dropped);
        }}
      >
        <span>
          <strong>Drop a CSV here</strong>, or <span class="choose">choose one</span>
        </span>
        <input
          type="file"
          class="covered"
          accept=".csv,.tsv,.txt,text/csv"
          onChange={(event) => {
            const [chosen] = event.currentTarget.files ?? [];
            if (chosen) void open(chosen);
            // The same file can be chosen again.
            event.currentTarget.value = '';
          }}
        />
        <span class="faint columns">Columns: {columns.map(({ name }) => name).join(', ')}</span>
      </label>
      <Notice error={error} />
      {progress && (
        <p role="status">
          <strong>{progress.file.name}</strong>: {progress.done.toLocaleString('en')} of{' '}
          {progress.file.rows.length.toLocaleString('en')} rows scored. {progress.file.notes.join(' ')}
        </p>
      )}
      {progress && !progress.scored && !error && (
        <div class="controls">
          <progress max={progress.file.rows.length} value={progress.done} aria-label="Rows scored" />
          <button type="button" onClick={stop}>
            Stop
          </button>
        </div>
      )}
      {progress?.scored && <Scores file={progress.file} scored={progress.scored} key={progress.file.name} />}
      <CopyCode
        call={{ model: reference, operation: 'score', body: { rows: sample }, query: { top: '3' } }}
      />
    </>
  );
}

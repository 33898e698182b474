import { useMemo } from 'preact/hooks';
import type { ModelDescription } from '../../shared/api.ts';
import { baselineName, metricName } from '../../shared/figureNames.ts';
import { betterOf } from '../../shared/metricDirection.ts';
import { hashOf } from './address.ts';
import { keyFigure, short, summaryOf } from './model.ts';
import { Thumbnail } from './Thumbnail.tsx';
import { Notice } from './ui/Notice.tsx';
import { useLatest } from './useAnswer.ts';

/** The models of this Worker, as cards. */
export function Gallery() {
  const listed = useLatest('models', ({ models }) => models());
  const names = useMemo(() => [...new Set(listed.answer?.map(({ name }) => name))], [listed.answer]);
  return (
    <>
      <h1>Models</h1>
      <p class="what">
        Everything here runs in your browser and in this Worker, through the same API that programs call.
      </p>
      <Notice error={listed.error} />
      {listed.isPending && (
        <p role="status" aria-busy="true">
          Reading the list of models.
        </p>
      )}
      {listed.answer && names.length === 0 && <p>There are no models yet: train one, and serve it.</p>}
      <ul class="cards">
        {names.map((name) => (
          <li key={name}>
            <Card name={name} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Card({ name }: { readonly name: string }) {
  const { answer: model, error, isPending } = useLatest(name, ({ describe }) => describe(name));
  return (
    <a class="card" href={hashOf({ model: name, panel: '' })} aria-busy={isPending}>
      <h2>{name}</h2>
      <div class="thumbnail">{model && <Thumbnail model={model} reference={name} />}</div>
      <p>{model ? summaryOf(model) : (error?.message ?? 'Reading its description.')}</p>
      {model && <Figure model={model} />}
    </a>
  );
}

function Figure({ model }: { readonly model: ModelDescription }) {
  const figure = keyFigure(model);
  const better = figure && betterOf(figure.metric);
  return (
    <p class="faint figure">
      {figure && (
        <>
          {metricName(figure.metric)} <strong>{short(figure.value)}</strong>
          {better && ` (${better} is better)`}
          <br />
          {figure.baseline && (
            <>
              best simpler method: {baselineName(figure.baseline.name)}, {short(figure.baseline.value)}
              <br />
            </>
          )}
        </>
      )}
      {model.variant}, {model.version}
    </p>
  );
}

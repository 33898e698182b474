import { useEffect } from 'preact/hooks';
import { hashOf } from './address.ts';
import { summaryOf } from './model.ts';
import { PANELS, panelsFor } from './panels/registry.ts';
import { Notice } from './ui/Notice.tsx';
import { useLatest } from './useAnswer.ts';

/** The title of the page where it shows no model. */
const TITLE = document.title;

interface ModelPageProps {
  /** `name` or `name@version`. */
  readonly reference: string;
  readonly panel: string;
}

/** A model with its panels as tabs. */
export function ModelPage({ reference, panel }: ModelPageProps) {
  const { answer: model, error } = useLatest(reference, ({ describe }) => describe(reference));
  const title = `${reference} · latentedge`;
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = TITLE;
    };
  }, [title]);
  if (error)
    return (
      <>
        <h1>{reference}</h1>
        <Notice error={error} />
      </>
    );
  if (model === undefined) return <p role="status">Reading the description of {reference}.</p>;
  const panels = panelsFor(model);
  const shown = panels.find((name) => name === panel) ?? panels[0]!;
  const { View } = PANELS[shown];
  const go = (version: string) => {
    const isFirst = version === model.versions[0];
    location.hash = hashOf({ model: isFirst ? model.name : `${model.name}@${version}`, panel: shown });
  };
  return (
    <>
      <div class="heading">
        <h1>{model.name}</h1>
        {model.versions.length > 1 ? (
          <label class="version">
            <span class="faint">version</span>
            <select value={model.version} onInput={(event) => go(event.currentTarget.value)}>
              {model.versions.map((version, i) => (
                <option value={version} key={version}>
                  {version}
                  {i === 0 ? ' (answers)' : ''}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <span class="faint">
            {model.variant}, version {model.version}
          </span>
        )}
      </div>
      <p class="what">{summaryOf(model)}</p>
      <nav class="tabs" aria-label="Panels">
        {panels.map((name) => (
          <a
            href={hashOf({ model: reference, panel: name })}
            aria-current={name === shown ? 'page' : undefined}
            key={name}
          >
            {PANELS[name].title}
          </a>
        ))}
      </nav>
      <View model={model} reference={reference} key={shown} />
    </>
  );
}

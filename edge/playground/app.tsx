import { useMemo, useState } from 'preact/hooks';
import { hashOf, usePlace } from './address.ts';
import { Gallery } from './Gallery.tsx';
import { ModelPage } from './ModelPage.tsx';
import { API, createService, ServiceContext } from './service.ts';

/** The page: the gallery, or one model. */
export function App() {
  const [key, setKey] = useState('');
  const service = useMemo(() => createService(key), [key]);
  const { model, panel, visit } = usePlace();
  return (
    <ServiceContext.Provider value={service}>
      <button type="button" class="skip" onClick={skip}>
        Skip to the content
      </button>
      <header>
        <a class="brand" href={hashOf({ model: '', panel: '' })}>
          latentedge <span class="faint">playground</span>
        </a>
        <a href={hashOf({ model: '', panel: '' })}>Models</a>
        <a href={`${API}/docs`}>API</a>
        <form class="key" onSubmit={(event) => event.preventDefault()}>
          <label>
            API key{' '}
            <input
              type="password"
              autocomplete="off"
              placeholder="if required"
              value={key}
              onChange={(event) => setKey(event.currentTarget.value.trim())}
            />
          </label>
        </form>
      </header>
      <main id="main" tabIndex={-1}>
        {model === '' ? (
          <Gallery />
        ) : (
          // What is remembered in the address is read when the panel appears.
          <ModelPage key={`${model} ${visit}`} reference={model} panel={panel} />
        )}
      </main>
    </ServiceContext.Provider>
  );
}

/** A link would change the fragment, which says where the page is. */
function skip(): void {
  document.getElementById('main')?.focus();
}
